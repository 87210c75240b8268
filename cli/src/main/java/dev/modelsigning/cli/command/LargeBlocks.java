package dev.modelsigning.cli.command;

/** The size of the blocks in which the JDK's HTTP client reads. */
public final class LargeBlocks {

  private static final String BLOCKS = "jdk.httpclient.bufsize";

  private LargeBlocks() {}

  /** Has it read large ones; before the first request, as the property is read once. */
  public static void use() {
    if (System.getProperty(BLOCKS) == null) {
      // With the usual 16 KiB, fetching takes twice the time.
      System.setProperty(BLOCKS, "262144");
    }
  }
}
