"""What stands between the web server and Django: whole bodies, limits, live streams, and a quick stop."""
