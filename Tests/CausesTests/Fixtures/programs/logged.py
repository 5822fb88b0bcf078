import logging, sys
logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s - %(message)s", level=logging.INFO)
log = logging.getLogger("load")
log.info("reading 12 files")
log.warning("file 3 is empty")
try: int("12,5")
except ValueError: log.exception("row 17 of orders.csv could not be read")
log.info("shutting down")
sys.exit(1)
