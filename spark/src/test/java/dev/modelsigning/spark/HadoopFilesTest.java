package dev.modelsigning.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

/** The settings of Hadoop's file systems. */
class HadoopFilesTest {

  private static final String MODE = "fs.s3a.change.detection.mode";

  /** A file system that reads with other settings than it was given. */
  public static final class Stubborn extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("stubborn://bucket");
    }

    @Override
    public void initialize(URI uri, Configuration conf) throws IOException {
      Configuration own = new Configuration(conf);
      own.set(MODE, "none");
      super.initialize(uri, own);
    }
  }

  private static SparkConf conf() {
    return new SparkConf(false)
        .set("spark.hadoop.fs.stubborn.impl", Stubborn.class.getName())
        .set("spark.hadoop." + MODE, "none")
        .set("spark.hadoop.fs.s3a.bucket.host.change.detection.mode", "none");
  }

  @Test
  void whatMustBeSoIsSetForAllBucketsAndForEach() throws IOException {
    FileSystem files = HadoopFiles.of(new Path("file://host/"), conf());
    assertThat(files.getConf().get(MODE)).isEqualTo("server");
    assertThat(files.getConf().get("fs.s3a.bucket.host.change.detection.mode")).isEqualTo("server");
  }

  @Test
  void aFileSystemThatReadsOtherwiseIsRefused() {
    assertThatThrownBy(() -> HadoopFiles.of(new Path("stubborn://bucket/"), conf()))
        .hasMessageContaining("is read with " + MODE + "=none, and only with server");
  }
}
