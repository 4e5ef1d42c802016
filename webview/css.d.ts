/** Style sheets are imported for their effect alone; the build gathers them in panel.css. */
declare module '*.css';
