"""What `server.py` puts together: the stores, the application over them, and the commands. No rule of the product."""
