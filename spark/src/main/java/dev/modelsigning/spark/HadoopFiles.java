package dev.modelsigning.spark;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.spark.SparkConf;
import scala.Tuple2;

/**
 * The file systems of Hadoop that this machine reads. They are not those that Hadoop shares among
 * all programs in a JVM, whose settings are those of whoever came first.
 */
final class HadoopFiles {

  /** What Spark puts before settings of Hadoop. */
  private static final String PREFIX = "spark.hadoop.";

  /**
   * What must be so whatever the cluster is set to: a GET names the version that it wants, and is
   * refused for another one; and what was read of an object before is not kept for later.
   */
  private static final Map<String, String> FIXED =
      Map.of(
          "fs.s3a.change.detection.source", "etag",
          "fs.s3a.change.detection.mode", "server",
          "fs.s3a.input.stream.type", "classic");

  /** Guarded by itself. They are few, and end with the JVM. */
  private static final Map<Key, FileSystem> OPEN = new HashMap<>();

  /** The settings of a configuration, which would be copied for each file. Guarded by itself. */
  private static final Map<SparkConf, Map<String, String>> SETTINGS = new WeakHashMap<>();

  /**
   * What a file system depends on.
   *
   * @param place its scheme and authority
   * @param settings the settings that Spark was started with
   * @param user who reads
   */
  private record Key(String place, Map<String, String> settings, UserGroupInformation user) {}

  private HadoopFiles() {}

  /**
   * The file system with a path.
   *
   * @param conf the configuration of this machine's Spark, with settings of Hadoop in it
   */
  static FileSystem of(Path path, SparkConf conf) throws IOException {
    Map<String, String> settings = new HashMap<>(settings(conf));
    // What is set for a bucket comes before what is set for all.
    FIXED.forEach((name, value) ->
        settings.put(
            "fs.s3a.bucket." + path.toUri().getAuthority() + name.substring("fs.s3a".length()),
            value));
    String place = path.toUri().getScheme() + "://" + path.toUri().getAuthority();
    Key key = new Key(place, settings, UserGroupInformation.getCurrentUser());
    synchronized (OPEN) {
      FileSystem open = OPEN.get(key);
      if (open == null) {
        open = open(path, settings);
        OPEN.put(key, open);
      }
      return open;
    }
  }

  private static Map<String, String> settings(SparkConf conf) {
    synchronized (SETTINGS) {
      return SETTINGS.computeIfAbsent(
          conf,
          all -> {
            Map<String, String> settings = new HashMap<>();
            for (Tuple2<String, String> each : all.getAll()) {
              if (each._1().startsWith(PREFIX)) {
                settings.put(each._1().substring(PREFIX.length()), each._2());
              }
            }
            settings.putAll(FIXED);
            return settings;
          });
    }
  }

  private static FileSystem open(Path path, Map<String, String> settings) throws IOException {
    Configuration configuration = new Configuration();
    settings.forEach(configuration::set);
    FileSystem files;
    try {
      files = FileSystem.newInstance(path.toUri(), configuration);
    } catch (RuntimeException e) {
      throw unreachable(path, e);
    }
    try {
      requireFixed(path, files.getConf());
      return files;
    } catch (IOException e) {
      files.close();
      throw e;
    }
  }

  private static FileSystemException unreachable(Path path, RuntimeException failure) {
    String why = "cannot be reached: " + failure;
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof ClassNotFoundException) {
        why =
            "cannot be read by this Spark, which lacks the file system ("
                + each.getMessage()
                + "); for s3a, start it with --packages org.apache.hadoop:hadoop-aws:VERSION, in the"
                + " version of its Hadoop";
      }
    }
    FileSystemException unreachable = new FileSystemException(path.toString(), null, why);
    unreachable.initCause(failure);
    return unreachable;
  }

  /** A file system may change its settings by others of the cluster. */
  private static void requireFixed(Path path, Configuration used) throws IOException {
    for (Map.Entry<String, String> fixed : FIXED.entrySet()) {
      if (!fixed.getValue().equals(used.get(fixed.getKey()))) {
        throw new FileSystemException(
            path.toString(),
            null,
            "is read with "
                + fixed.getKey()
                + "="
                + used.get(fixed.getKey())
                + ", and only with "
                + fixed.getValue()
                + " is it known which version of a file is read; remove the setting that"
                + " overrides it");
      }
    }
  }
}
