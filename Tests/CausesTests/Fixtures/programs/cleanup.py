class Connection:
    def __init__(self): raise OSError(101, "Network is unreachable")
def main():
    try:
        c = {}
        c["connection"] = Connection()
    finally:
        c["connection"].close()
main()
