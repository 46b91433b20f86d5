"""Answers requests line by line, JSON on both sides: how the benches drive a process of PyTorch."""
import contextlib
import json
import os
import sys


def serve(answers):
    """`answers[name](request)` for each line {"do": name, ...}, until the input ends. Other output goes to stderr."""
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    print(json.dumps({"ready": True}), file=replies, flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        for line in sys.stdin:
            request = json.loads(line)
            print(json.dumps(answers[request["do"]](request)), file=replies, flush=True)
