package dev.modelsigning.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/** Spark in this process, with two threads that are its executors. There is one at a time. */
final class LocalSpark implements AutoCloseable {

  private final SparkContext context;

  private LocalSpark(SparkConf conf) {
    context = new SparkContext(conf);
  }

  static LocalSpark start() {
    return start(conf());
  }

  static LocalSpark start(SparkConf conf) {
    return new LocalSpark(conf);
  }

  static SparkConf conf() {
    return new SparkConf(false)
        .setMaster("local[2]")
        .setAppName("tests")
        .set("spark.ui.enabled", "false")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.driver.bindAddress", "127.0.0.1");
  }

  SparkContext context() {
    return context;
  }

  @Override
  public void close() {
    context.stop();
  }
}
