"""Answers requests line by line, JSON on both sides: how the benches drive a process of PyTorch."""
import contextlib
import json
import os
import sys
import time


def serve(answers):
    """`answers[name](request)` for each line {"do": name, ...}, until the input ends. Other output goes to stderr."""
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def reply(value):
        """With the milliseconds of the cores that this process has taken."""
        print(json.dumps({**value, "cpu": 1000 * time.process_time()}), file=replies, flush=True)

    reply({"ready": True})
    with contextlib.suppress(KeyboardInterrupt):
        for line in sys.stdin:
            request = json.loads(line)
            reply(answers[request["do"]](request))
