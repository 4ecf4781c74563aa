"""A program that labels texts by their last word, and misbehaves as its argument says."""

import json
import os
import subprocess
import sys
import time

how = sys.argv[1]
if how == "start":
    sys.exit("there is no such word list")
if how == "silent":
    time.sleep(60)
if how == "noise":
    print("loading the model ...")
    print(json.dumps({"progress": 1}))
    sys.stderr.write("a warning of no use\n" * 50_000)
if how == "binary":
    sys.stdout.buffer.write(b"\xff\xfe\x00" * 1_000_000 + b"\n")


def say(**line):
    print(json.dumps(line), flush=True)


lines = map(json.loads, sys.stdin)
if how == "reordered":
    lines = reversed(list(lines))
for line in lines:
    name, text = line["id"], line["text"]
    label = text.split()[-1].strip(".")
    odd = label == "odd" and not os.environ.get("NOTHING_IS_ODD")
    label = "neutral" if label in ("odd", "Tuesday") else label
    if not odd:
        say(id=int(name) if how == "numbers" else name, label=label)
    elif how == "crash":
        os._exit(3)
    elif how == "hang":
        time.sleep(60)
    elif how == "orphan":
        child = subprocess.Popen(["sleep", "60"])
        with open("orphan", "w") as file:
            file.write(str(child.pid))
        time.sleep(60)
    elif how == "once":
        if os.path.exists("broken"):
            say(id=name, label=label)
        else:
            open("broken", "w").close()
            os._exit(3)
    elif how == "missing":
        pass
    elif how == "early":
        break
    elif how == "wrong":
        say(id=name, label="joy")
    elif how == "several":
        say(id=name, label=["neutral", "positive"])
    elif how == "malformed":
        print('{"id": "' + name + '", "label": "neu', flush=True)
    elif how == "nameless":
        say(label=label)
    elif how == "stranger":
        say(id="999999", label=label)
        say(id="-1", label=label)
    elif how == "same":
        say(id=name, label=label)
        say(id=name, label=label)
    elif how == "different":
        say(id=name, label=label)
        say(id=name, label="positive")
    elif how == "error":
        say(id=name, error="this text: " + text)
    elif how == "abstained":
        say(id=name, abstained=True)
    elif how == "scores":
        say(id=name, scores={"negative": 0.25, "neutral": 0.5, "positive": 0.25})
    elif how == "beyond":
        say(id=name, scores={"negative": 2, "neutral": 0.5, "positive": 0.25})
    else:
        say(id=name, label=label)
