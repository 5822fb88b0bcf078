import java.util.concurrent.*; import java.util.logging.*;
public class Log { public static void main(String[] a) throws Exception { Logger l = Logger.getLogger("load"); l.info("starting");
 try { Executors.newSingleThreadExecutor().submit(() -> Integer.parseInt("12x")).get(); } catch (ExecutionException e) { l.log(Level.SEVERE, "batch 7 failed", e); System.exit(1); } } }
