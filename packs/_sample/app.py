"""A small web app to try redraft on: change GREETING, save, and look at the cockpit."""

import itertools
import logging
import threading
import time

from flask import Flask, request

GREETING = "Hello"

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
logging.getLogger("werkzeug").setLevel(logging.WARNING)
log = logging.getLogger("greeter")
app = Flask(__name__)


@app.get("/")
def greet():
    return f"{GREETING} from redraft!\n"


@app.get("/healthz")
def healthz():
    return "ok\n"


@app.get("/slow")
def slow():
    time.sleep(2)
    return "done\n"


@app.get("/error")
def error():
    raise RuntimeError("this route fails on purpose")


@app.after_request
def tell(response):
    if request.path != "/healthz":
        log.info("%s %s %s", request.method, request.path, response.status_code)
    return response


def beat():
    for number in itertools.count(1):
        time.sleep(2)
        log.info("heartbeat %d: %d threads, all well", number, threading.active_count())


threading.Thread(target=beat, daemon=True).start()
