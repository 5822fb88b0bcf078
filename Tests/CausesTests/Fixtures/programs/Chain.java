public class Chain {
    static void read() throws Exception { throw new java.io.FileNotFoundException("/data/orders.csv (No such file or directory)"); }
    static void load() { try { read(); } catch (Exception e) { RuntimeException r = new IllegalStateException("load failed", e); r.addSuppressed(new java.io.IOException("Stream closed", new RuntimeException("reset"))); throw r; } }
    public static void main(String[] a) { try { load(); } catch (RuntimeException e) { throw new RuntimeException("job orders failed", e); } }
}
