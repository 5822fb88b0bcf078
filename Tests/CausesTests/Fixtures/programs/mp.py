import multiprocessing as m
def f(x): return 1/x
if __name__=="__main__": m.Pool(2).map(f,[1,0])
