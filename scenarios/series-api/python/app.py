"""The API as uvicorn loads it, once in each worker."""
import os

from fastapi import FastAPI, Request, Response

from api import Api, Refused

api = Api(set(filter(None, os.environ.get("SERIES_API_DEFECTS", "").split(","))))
app = FastAPI()


@app.api_route("/{path:path}", methods=["GET", "POST", "PUT", "DELETE"])
def answer(path: str, request: Request):
    try:
        return Response(api.answer(request.method, path))
    except Refused as refused:
        return Response(str(refused), status_code=refused.status)
