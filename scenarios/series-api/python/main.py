"""Starts the series API with two workers: `python3 main.py <port> [--defect <name>]...`."""
import os
import sys

import uvicorn

DEFECTS = "SERIES_API_DEFECTS"

if __name__ == "__main__":
    # Workers are interpreters of their own: the environment is what reaches them.
    os.environ[DEFECTS] = ",".join(word for word in sys.argv[2:] if word != "--defect")
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    uvicorn.run("app:app", host="127.0.0.1", port=int(sys.argv[1]), workers=2, log_level="warning", access_log=False)
