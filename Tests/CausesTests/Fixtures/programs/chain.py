import json
class Alarm(Exception): pass
def load(path):
    try:
        return open(path).read()
    except OSError as error:
        raise RuntimeError("the orders could not be loaded") from error
load("/data/orders.json")
