package dev.modelsigning.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.signingkey.EcdsaScheme;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The program, with Spark in this process. */
class MainTest {

  private static final Map<String, String> SETTINGS =
      Map.of(
          "spark.master", "local[2]",
          "spark.driver.host", "127.0.0.1",
          "spark.driver.bindAddress", "127.0.0.1");

  @TempDir private static Path directory;

  /**
   * What a run ended with.
   *
   * @param status its exit status
   * @param out what it wrote to standard output
   * @param err what it wrote to standard error
   */
  private record Run(int status, String out, String err) {}

  @BeforeAll
  static void prepare() throws IOException {
    SETTINGS.forEach(System::setProperty); // as spark-submit does
    KeyPairFiles.generate(
        EcdsaScheme.P256, directory.resolve("key.pem"), directory.resolve("key.pub"));
  }

  @AfterAll
  static void clean() {
    SETTINGS.keySet().forEach(System::clearProperty);
  }

  private static Run run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Main.run(
            args,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of());
    return new Run(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static String file(String name) {
    return directory.resolve(name).toString();
  }

  @Test
  void signsAndVerifies() throws IOException {
    Path model = Files.createDirectories(directory.resolve("model"));
    Files.writeString(model.resolve("a"), "x");
    String uri = "file://" + model;
    Run signed =
        run("sign", "key", uri, "--private-key", file("key.pem"), "--signature", file("m.sig"));
    assertThat(signed.status()).as(signed.err()).isZero();
    assertThat(signed.out())
        .contains("Signing succeeded")
        .contains(
            "spark-submit --master 'local[2]' --class dev.modelsigning.spark.Main"
                + " model-signing-spark.jar verify");
    String[] verify = {
      "verify", "key", uri, "--public-key", file("key.pub"), "--signature", file("m.sig")
    };
    Run verified = run(verify);
    assertThat(verified.status()).as(verified.err()).isZero();
    // What no executor looks at is not said to be harmless.
    assertThat(verified.out()).contains("Verification succeeded").doesNotContain("can run");
    Files.writeString(model.resolve("b"), "x");
    Run other = run(verify);
    assertThat(other.status()).isEqualTo(1);
    assertThat(other.err()).contains("b");
  }

  @Test
  void signsAndVerifiesInParts() throws IOException {
    Path model = directory.resolve("parts-of");
    for (String name : new String[] {"a/1", "a/2", "b/3", "c/4"}) {
      Files.createDirectories(model.resolve(name).getParent());
      Files.writeString(model.resolve(name), name);
    }
    String uri = "file://" + model;
    String index = file("parts");
    Run signed =
        run(
            "sign",
            "key",
            uri,
            "--private-key",
            file("key.pem"),
            "--signature",
            index,
            "--split-by-prefix",
            "--split-size",
            "2");
    assertThat(signed.status()).as(signed.err()).isZero();
    assertThat(signed.out()).contains("in 2 parts");
    String[] verify = {"verify", "key", uri, "--public-key", file("key.pub"), "--signature", index};
    Run verified = run(verify);
    assertThat(verified.status()).as(verified.err()).isZero();
    Files.createDirectories(model.resolve("d"));
    Files.writeString(model.resolve("d/5"), "outside");
    Run outside = run(verify);
    assertThat(outside.status()).isEqualTo(1);
    assertThat(outside.err()).contains("1 of 2 parts");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --password                     | --password SECRET
          --password                     | --password=SECRET
          --identity-token               | --identity_token SECRET
          --client-secret                | --client-secret SECRET
          PIN                            | --private-key pkcs11:object=k?pin-value=SECRET
          an address with a user         | --private-key k --tsa-url http://user:SECRET@127.0.0.1:1/tsr
          an address with a user         | --private-key k --tsa-url=http://SECRET@127.0.0.1:1/tsr
          """)
  void refusesSecretsThatSparkWouldRecord(String named, String arguments) {
    Run run = run(("sign key file:///data " + arguments).split(" "));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains(named).contains("Spark records").doesNotContain("SECRET");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.executorEnv.PKCS11_PIN",
        "spark.executorEnv.MODEL_SIGNING_PASSWORD",
        "spark.yarn.appMasterEnv.MODEL_SIGNING_CLIENT_SECRET",
        "spark.yarn.appMasterEnv.SIGSTORE_ID_TOKEN",
        "spark.kubernetes.driverEnv.VAULT_TOKEN"
      })
  void refusesSecretsInSettingsOfSpark(String setting) throws IOException {
    Path model = Files.createDirectories(directory.resolve("other"));
    Files.writeString(model.resolve("a"), "x");
    System.setProperty(setting, "hidden-value");
    try {
      Run run =
          run(
              "sign",
              "key",
              "file://" + model,
              "--private-key",
              file("key.pem"),
              "--signature",
              file("other.sig"));
      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err()).contains(setting).doesNotContain("hidden-value");
      assertThat(directory.resolve("other.sig")).doesNotExist();
    } finally {
      System.clearProperty(setting);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "sign, json, '\"signed\":false'",
    "verify, json, '\"verified\":false'",
    "verify, SARIF, '\"version\":\"2.1.0\"'"
  })
  void aRefusalIsAVerdictForPrograms(String command, String format, String expected) {
    for (String option : new String[] {"--format=" + format, "--format " + format}) {
      Run run = run((command + " key file:///d --password SECRET " + option).split(" "));
      assertThat(run.status()).isEqualTo(2);
      assertThat(run.out().replaceAll("\\s", ""))
          .contains(expected, "WRONG_USAGE")
          .doesNotContain("SECRET");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          digest file:///data                                            | need no cluster
          attest key file:///data                                        | need no cluster
          verify policy file:///data                                     | needs no cluster
          sign key /data --private-key k                                 | hdfs://HOST/PATH
          sign key s3://bucket/data --private-key k                      | expected hdfs://HOST/PATH
          sign key http://host/data --private-key k                      | expected hdfs://HOST/PATH
          sign key file:///d --private-key k --signature s3a://b/x       | name a file of this machine
          sign key file:///d --private-key k --signature s3://b/x        | name a file of this machine
          sign key file:///d --private-key k --update                    | --update
          verify key file:///d --public-key k --signature s --copy-to x  | --copy-to
          verify key --each d --signature-name s --public-key k          | --each
          verify key file:///d --public-key k --signature hdfs:///s      | name a file of this machine
          """)
  void refusesWhatHasNoSenseHere(String arguments, String message) {
    Run run = run(arguments.split(" "));
    assertThat(run.status()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains(message);
  }

  @Test
  void sayingWhatItCanDoStartsNothing() {
    Run run = run("sign", "key", "--help");
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("--private-key");
  }
}
