/// pandas: a KeyError raised while another KeyError was being handled, as after a column was renamed.
func pandasFailure(job: Job, dice: inout Dice) -> Failure {
    let column = dice.pick(["customer_segment", "order_ts", "país", "net_amount_eur", "sku"])
    let line = 20 + dice.below(160)
    let trace = """
        Traceback (most recent call last):
          File "/usr/local/lib/python3.11/site-packages/pandas/core/indexes/base.py", line 3805, in get_loc
            return self._engine.get_loc(casted_key)
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          File "index.pyx", line 167, in pandas._libs.index.IndexEngine.get_loc
          File "index.pyx", line 196, in pandas._libs.index.IndexEngine.get_loc
          File "pandas/_libs/hashtable_class_helper.pxi", line 7081, in pandas._libs.hashtable.PyObjectHashTable.get_item
          File "pandas/_libs/hashtable_class_helper.pxi", line 7089, in pandas._libs.hashtable.PyObjectHashTable.get_item
        KeyError: '\(column)'

        The above exception was the direct cause of the following exception:

        Traceback (most recent call last):
          File "\(job.path)/features.py", line \(line + 60), in <module>
            main(sys.argv[1:])
          File "\(job.path)/features.py", line \(line + 41), in main
            frame = add_aggregates(load(args.run_date))
          File "\(job.path)/features.py", line \(line), in add_aggregates
            grouped = frame.groupby("customer_id")["\(column)"].nunique()
                      ~~~~~~~~~~~~~~~~~~~~~~~~~~~~^^^^^^^^^^^^^^^^^^^^
          File "/usr/local/lib/python3.11/site-packages/pandas/core/groupby/generic.py", line 1951, in __getitem__
            return super().__getitem__(key)
          File "/usr/local/lib/python3.11/site-packages/pandas/core/base.py", line 244, in __getitem__
            raise KeyError(f"Column not found: {key}")
        KeyError: 'Column not found: \(column)'
        """
    return Failure(message: "KeyError: 'Column not found: \(column)' at features.py line \(line)", trace: trace)
}
