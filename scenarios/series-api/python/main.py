"""Starts the series API: `python3 main.py <port> [--workers] [--defect <name>]...`. With workers, two under uvicorn."""
import os
import socket
import sys

DEFECTS = "SERIES_API_DEFECTS"

if __name__ == "__main__":
    port, words = int(sys.argv[1]), sys.argv[2:]
    defects = {word for word in words if word not in ("--defect", "--workers")}
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    if "--workers" in words:
        import uvicorn

        bind = uvicorn.Config.bind_socket

        def bind_without_delay(config):
            listener = bind(config)
            # Else the body of an answer waits 40 ms for the acknowledgement of its head.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return listener

        # Workers are interpreters of their own: the environment is what reaches them.
        os.environ[DEFECTS] = ",".join(defects)
        uvicorn.Config.bind_socket = bind_without_delay
        uvicorn.run("app:app", host="127.0.0.1", port=port, workers=2, log_level="warning", access_log=False)
    else:
        from api import Api
        from standalone import serve

        serve(Api(defects), port)
