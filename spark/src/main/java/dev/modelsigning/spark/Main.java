package dev.modelsigning.spark;

import dev.modelsigning.cli.command.Program.Cluster;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.pkcs11.Pkcs11Uri;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.jspecify.annotations.Nullable;

/**
 * The program for {@code spark-submit}: {@code sign} and {@code verify} of the command line, with
 * their options, for a model that executors read. Keys and signatures are files of the driver.
 */
public final class Main {

  private static final Pattern MEANT = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/.*");

  /** Options whose values are secrets. */
  private static final Set<String> SECRETS =
      Set.of("--password", "--identity-token", "--client-secret");

  private static final Set<String> COMMANDS = Set.of("sign", "verify");

  private static final int WRONG_USAGE = 2;

  private Main() {}

  /**
   * Runs a command and ends the process: 0 success, 1 failure, 2 wrong usage.
   *
   * @param args the command line, as in {@code sign key s3a://bucket/data --private-key key.pem}
   */
  public static void main(String[] args) {
    int status = run(args, System.out, System.err, System.getenv());
    if (status != 0) {
      System.exit(status);
    }
  }

  /** Runs a command with these output streams. */
  static int run(String[] args, PrintStream out, PrintStream err, Map<String, String> environment) {
    Optional<String> refusal = refusal(args);
    if (refusal.isPresent()) {
      err.println("Error: " + refusal.get());
      return WRONG_USAGE;
    }
    try (OnSpark cluster = new OnSpark()) {
      return dev.modelsigning.cli.Main.run(args, out, err, environment, cluster);
    }
  }

  /**
   * Why a command line is refused before anything reads it. Spark shows and records its arguments:
   * they are in a property of the JVM, which event logs keep.
   */
  private static Optional<String> refusal(String[] args) {
    for (String argument : args) {
      String name = argument.replaceFirst("=.*", "").replace('_', '-');
      if (SECRETS.contains(name)) {
        return Optional.of(
            name
                + " is not taken here: Spark records the arguments of a program; use "
                + name
                + "-file or the environment of the driver");
      }
      if (!Pkcs11Uri.redact(argument).equals(argument)) {
        return Optional.of(
            "a PIN in an argument (pin-value) is not taken here: Spark records the arguments of a"
                + " program; use pin-source or the variable PKCS11_PIN of the driver");
      }
    }
    boolean asked = args.length > 0 && List.of("-h", "--help", "-V", "--version").contains(args[0]);
    if (!asked && (args.length == 0 || !COMMANDS.contains(args[0]))) {
      return Optional.of(
          "expected sign METHOD URI or verify METHOD URI; all other commands need no cluster, and"
              + " are those of model-signing");
    }
    if (args.length > 1 && args[0].equals("verify") && args[1].equals("policy")) {
      return Optional.of("'verify policy' needs no cluster; use model-signing");
    }
    return Optional.empty();
  }

  /** Models that Spark reads, which is started for the first one. */
  private static final class OnSpark implements Cluster, AutoCloseable {
    private @Nullable SparkContext spark;

    @Override
    public String forms() {
      return "hdfs://HOST/PATH, s3a://BUCKET/PREFIX or file:///PATH";
    }

    @Override
    public List<String> program() {
      return List.of("spark-submit", "--class", Main.class.getName(), "model-signing-spark.jar");
    }

    /** All URIs, so that those of other schemes are refused instead of being taken for paths. */
    @Override
    public boolean isMeant(String argument) {
      return MEANT.matcher(argument).matches();
    }

    @Override
    public ModelSource open(String argument) throws IOException {
      SparkModel.storage(argument); // before Spark is started, which takes seconds
      if (spark == null) {
        spark = start();
      }
      return SparkModel.open(argument, spark);
    }

    private static SparkContext start() throws IOException {
      SparkConf conf = new SparkConf().setIfMissing("spark.app.name", "model-signing");
      try {
        return SparkContext.getOrCreate(conf);
      } catch (Exception e) {
        // Spark declares no exceptions, and throws checked ones.
        throw new IOException("Spark could not be started: " + e.getMessage(), e);
      }
    }

    @Override
    public void close() {
      if (spark != null) {
        spark.stop();
      }
    }
  }
}
