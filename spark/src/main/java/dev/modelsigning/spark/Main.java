package dev.modelsigning.spark;

import dev.modelsigning.cli.command.Program.Cluster;
import dev.modelsigning.cli.command.ProgramRules;
import dev.modelsigning.cli.command.VerdictFormat;
import dev.modelsigning.cli.output.Terminal;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.pkcs11.Pkcs11Uri;
import dev.modelsigning.report.SigningReport;
import dev.modelsigning.report.Verdict;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * The program for {@code spark-submit}: {@code sign} and {@code verify} of the command line, with
 * their options, for a model that executors read. Keys and signatures are files of the driver.
 */
public final class Main {

  private static final Pattern MEANT = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/.*");

  /** Options whose values are secrets. */
  private static final Set<String> SECRETS =
      Set.of("--password", "--identity-token", "--client-secret");

  /** An address with a user, and perhaps a password, before its host. */
  private static final Pattern WITH_USER = Pattern.compile("(?s).*://[^/?#]*@.*");

  /** Settings that give a variable to other machines, and that Spark records, hold no secrets. */
  private static final Pattern SECRET_SETTING =
      Pattern.compile(
          "spark\\.(executorEnv|yarn\\.appMasterEnv|kubernetes\\.driverEnv)\\."
              + "(MODEL_SIGNING_PASSWORD|MODEL_SIGNING_CLIENT_SECRET|PKCS11_PIN|VAULT_TOKEN"
              + "|SIGSTORE_ID_TOKEN|ACTIONS_ID_TOKEN_REQUEST_TOKEN)");

  /** Settings that have no secrets, and decide what executors can do. */
  private static final List<String> REPEATED =
      List.of(
          "spark.authenticate",
          "spark.network.crypto.enabled",
          "spark.network.crypto.cipher",
          "spark.network.crypto.saslFallback");

  private static final Set<String> COMMANDS = Set.of("sign", "verify");

  private static final int WRONG_USAGE = 2;

  private Main() {}

  /**
   * Runs a command and ends the process: 0 success, 1 failure, 2 wrong usage.
   *
   * @param args the command line, as in {@code sign key s3a://bucket/data --private-key key.pem}
   */
  public static void main(String[] args) {
    Terminal.recognize();
    int status = run(args, System.out, System.err, System.getenv());
    if (status != 0) {
      System.exit(status);
    }
  }

  /** Runs a command with these output streams. */
  static int run(String[] args, PrintStream out, PrintStream err, Map<String, String> environment) {
    Optional<String> refusal = refusal(args).or(Main::secretSetting);
    if (refusal.isPresent()) {
      err.println("Error: " + refusal.get());
      verdict(args, Finding.of(ProgramRules.WRONG_USAGE, refusal.get())).ifPresent(out::print);
      out.flush();
      return WRONG_USAGE;
    }
    try (OnSpark cluster = new OnSpark()) {
      return dev.modelsigning.cli.Main.run(args, out, err, environment, cluster);
    }
  }

  /** The document that a program waits for, if the command line seems to ask for one. */
  private static Optional<String> verdict(String[] args, Finding why) {
    VerdictFormat format = VerdictFormat.TEXT;
    for (int i = 0; i < args.length; i++) {
      String value = args[i].startsWith("--format=") ? args[i].substring(9) : "";
      if (args[i].equals("--format") && i + 1 < args.length) {
        value = args[i + 1];
      }
      for (VerdictFormat each : VerdictFormat.values()) {
        format = each.toString().equalsIgnoreCase(value) ? each : format;
      }
    }
    if (!format.isForMachines()) {
      return Optional.empty();
    }
    if (format == VerdictFormat.SARIF) {
      return Optional.of(Verdict.failed("", why).toSarif(OptionalInt.of(WRONG_USAGE)));
    }
    return Optional.of(
        args[0].equals("sign")
            ? SigningReport.failed("", why).toJson()
            : Verdict.failed("", why).toJson());
  }

  /** Why Spark is not started with its settings. */
  private static Optional<String> secretSetting() {
    return Stream.of(new SparkConf().getAll())
        .map(Tuple2::_1)
        .filter(name -> SECRET_SETTING.matcher(name).matches())
        .sorted()
        .findFirst()
        .map(name ->
            name
                + " is not taken here: Spark records its settings, and executors need no secret of"
                + " the driver; set the variable for spark-submit alone");
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
      if (WITH_USER.matcher(argument).matches()) {
        return Optional.of(
            "an address with a user or a password is not taken here: Spark records the arguments of"
                + " a program");
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

    /** With what it takes to be as safe; what the storage needs is not known here. */
    @Override
    public List<String> program() {
      List<String> words = new ArrayList<>(List.of("spark-submit"));
      if (spark != null) {
        words.addAll(List.of("--master", spark.master()));
        for (String name : REPEATED) {
          if (spark.getConf().contains(name)) {
            words.addAll(List.of("--conf", name + "=" + spark.getConf().get(name)));
          }
        }
      }
      words.addAll(List.of("--class", Main.class.getName(), jar()));
      return words;
    }

    private static String jar() {
      try {
        Path here = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        return Files.isRegularFile(here) ? here.toString() : "model-signing-spark.jar";
      } catch (URISyntaxException e) {
        throw new IllegalStateException(e); // made by the JVM
      }
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
      SparkConf conf =
          new SparkConf()
              .setIfMissing("spark.app.name", "model-signing")
              // A verdict among hundreds of lines about tasks is not seen.
              .setIfMissing("spark.log.level", "WARN");
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
