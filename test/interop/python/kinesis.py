"""Carries out a plan with boto3 and reads it all back; drives test/interop's rows of Python.

Usage: kinesis.py ENDPOINT PLAN polling|subscribing|aggregated
"""

import base64
import queue
import sys
import threading
import time

import boto3
import botocore
from botocore.config import Config

END_KEY = "end-"
END_COUNT = 4
IDLE_SECONDS = 0.05


def new_client(endpoint):
    # No retries, so that a call that fails is seen.
    config = Config(retries={"total_max_attempts": 1}, max_pool_connections=50)
    return boto3.client("kinesis", endpoint_url=endpoint, config=config)


def plan_of(file):
    """The stream, its number of shards, and the steps as lists of words; a batch holds its puts."""
    with open(file, encoding="utf-8") as lines:
        words = [line.rstrip("\n").split(" ") for line in lines]
    _, stream, shard_count = words.pop(0)
    steps = []
    while words:
        step = words.pop(0)
        if step[0] == "batch":
            count = int(step[1])
            step = ["batch", [record_of(put) for put in words[:count]]]
            del words[:count]
        elif step[0] == "put":
            step = ["put", record_of(step)]
        steps.append(step)
    return stream, int(shard_count), steps


def record_of(words):
    _, key, hash_key, *data = words
    record = {
        "PartitionKey": base64.b64decode(key).decode("utf-8"),
        "Data": base64.b64decode(data[0]) if data else b"",
    }
    return record if hash_key == "-" else {**record, "ExplicitHashKey": hash_key}


class PlainPuts:
    """Each record of the plan is one record of the stream."""

    def __init__(self, client, stream):
        self.client = client
        self.stream = stream

    def put(self, record):
        self.client.put_record(StreamName=self.stream, **record)

    def batch(self, records):
        answer = self.client.put_records(StreamName=self.stream, Records=records)
        assert answer["FailedRecordCount"] == 0, answer

    @staticmethod
    def unpack(record):
        return [(record["PartitionKey"], record["Data"])]

    @staticmethod
    def version():
        return f"{boto3.__version__} (botocore {botocore.__version__})"


def wait_until_active(client, stream):
    # Its default asks every ten seconds; the engine's states last 30 ms.
    waiter = client.get_waiter("stream_exists")
    waiter.wait(StreamName=stream, WaiterConfig={"Delay": 0.1, "MaxAttempts": 300})


def carry_out(client, stream, steps, puts):
    for step in steps:
        kind, *words = step
        if kind == "put":
            puts.put(words[0])
        elif kind == "batch":
            puts.batch(words[0])
        else:
            reshard(client, stream, kind, words)
            wait_until_active(client, stream)


def reshard(client, stream, kind, words):
    if kind == "split":
        client.split_shard(StreamName=stream, ShardToSplit=words[0], NewStartingHashKey=words[1])
    elif kind == "merge":
        client.merge_shards(
            StreamName=stream, ShardToMerge=words[0], AdjacentShardToMerge=words[1]
        )
    else:
        client.update_shard_count(
            StreamName=stream, TargetShardCount=int(words[0]), ScalingType="UNIFORM_SCALING"
        )


class Walk:
    """Reads every shard once, children when all their parents are drained, a thread for each."""

    def __init__(self, read, unpack):
        self.read = read
        self.unpack = unpack
        self.lock = threading.Lock()
        self.got = []
        self.started = set()
        self.drained = set()
        self.ends_seen = 0
        self.is_over = False
        self.outcome = queue.Queue()

    def start(self, shards):
        for shard in shards:
            with self.lock:
                if shard in self.started:
                    continue
                self.started.add(shard)
            threading.Thread(target=self.run, args=(shard,), daemon=True).start()

    def run(self, shard):
        try:
            children = self.read(shard, self)
        except Exception as error:  # handed to the main thread, which fails with it
            if not self.is_over:
                self.outcome.put(error)
            return
        with self.lock:
            self.drained.add(shard)
            ready = [
                child["ShardId"] for child in children if self.drained.issuperset(child["ParentShards"])
            ]
        self.start(ready)

    def take(self, shard, records):
        with self.lock:
            for record in records:
                for key, data in self.unpack(record):
                    self.got.append((shard, record["SequenceNumber"], key, data))
                    self.ends_seen += key.startswith(END_KEY)
            if self.ends_seen == END_COUNT and not self.is_over:
                self.is_over = True
                self.outcome.put(None)


def poll(client, stream):
    def read(shard, walk):
        iterator = client.get_shard_iterator(
            StreamName=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        children = []
        while iterator and not walk.is_over:
            page = client.get_records(ShardIterator=iterator, Limit=37)
            walk.take(shard, page["Records"])
            children = page.get("ChildShards", [])
            iterator = page.get("NextShardIterator")
            if not page["Records"]:
                time.sleep(IDLE_SECONDS)  # between polls, as consumers of AWS do
        return children

    return read


def subscribe(client, stream):
    summary = client.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]
    consumer = {"StreamARN": summary["StreamARN"], "ConsumerName": "interop"}
    arn = client.register_stream_consumer(**consumer)["Consumer"]["ConsumerARN"]
    last = time.monotonic() + 30
    while client.describe_stream_consumer(**consumer)["ConsumerDescription"]["ConsumerStatus"] != "ACTIVE":
        assert time.monotonic() < last, "waited 30 s for the consumer to become ACTIVE"
        time.sleep(IDLE_SECONDS)

    def read(shard, walk):
        position = {"Type": "TRIM_HORIZON"}
        while not walk.is_over:
            answer = client.subscribe_to_shard(
                ConsumerARN=arn, ShardId=shard, StartingPosition=position
            )
            for event in answer["EventStream"]:
                told = event["SubscribeToShardEvent"]
                walk.take(shard, told["Records"])
                if not told.get("ContinuationSequenceNumber"):
                    return told.get("ChildShards", [])
                position = {
                    "Type": "AFTER_SEQUENCE_NUMBER",
                    "SequenceNumber": told["ContinuationSequenceNumber"],
                }
                if walk.is_over:
                    return []
        return []

    return read


def puts_for(how, client, stream):
    if how != "aggregated":
        return PlainPuts(client, stream)
    from aggregation import AggregatedPuts

    return AggregatedPuts(client, stream)


def main():
    endpoint, plan_file, how = sys.argv[1:]
    client = new_client(endpoint)
    stream, shard_count, steps = plan_of(plan_file)
    client.create_stream(StreamName=stream, ShardCount=shard_count)
    wait_until_active(client, stream)
    puts = puts_for(how, client, stream)
    read = (subscribe if how == "subscribing" else poll)(client, stream)
    walk = Walk(read, puts.unpack)
    shards = client.list_shards(StreamName=stream, ShardFilter={"Type": "AT_TRIM_HORIZON"})["Shards"]
    walk.start([shard["ShardId"] for shard in shards])
    carry_out(client, stream, steps, puts)
    problem = walk.outcome.get(timeout=120)
    if problem:
        raise problem
    print("version", puts.version())
    for shard, number, key, data in walk.got:
        key = base64.b64encode(key.encode("utf-8")).decode()
        print("got", shard, number, key, base64.b64encode(data).decode())


if __name__ == "__main__":
    main()
