"""Puts records as the KPL aggregates them and takes them apart again, with aws_kinesis_agg."""

import base64
from importlib.metadata import version

from aws_kinesis_agg.aggregator import RecordAggregator
from aws_kinesis_agg.deaggregator import iter_deaggregate_records


def place_of(record):
    """The hash key that decides the shard of a record: one for each key, so that its order is kept."""
    if "ExplicitHashKey" in record:
        return record["ExplicitHashKey"]
    half = len(record["PartitionKey"]) % 2
    return str(half << 127)


class AggregatedPuts:
    """A batch is an aggregate for each place; what is put alone is a plain record between them."""

    def __init__(self, client, stream):
        self.client = client
        self.stream = stream

    def put(self, record):
        self.client.put_record(StreamName=self.stream, **{**record, "ExplicitHashKey": place_of(record)})

    def batch(self, records):
        entries = [
            self.aggregate(place, [one for one in records if place_of(one) == place])
            for place in dict.fromkeys(map(place_of, records))
        ]
        answer = self.client.put_records(StreamName=self.stream, Records=entries)
        assert answer["FailedRecordCount"] == 0, answer

    @staticmethod
    def aggregate(place, records):
        aggregator = RecordAggregator()
        for record in records:
            full = aggregator.add_user_record(record["PartitionKey"], record["Data"], place)
            assert full is None, "the batch is larger than one aggregate"
        key, _, data = aggregator.clear_and_get().get_contents()
        return {"PartitionKey": key, "ExplicitHashKey": place, "Data": data}

    @staticmethod
    def unpack(record):
        found = []
        for one in iter_deaggregate_records([record], data_format="Boto3"):
            told = one["kinesis"]
            # What was in an aggregate comes as Lambda would give it, a plain record as it was.
            data = base64.b64decode(told["data"]) if told.get("aggregated") else told["data"]
            found.append((told["partitionKey"], data))
        return found

    @staticmethod
    def version():
        return version("aws_kinesis_agg")
