package dev.modelsigning.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.modelsigning.cli.sign.SignSigstoreCommandTest;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No untrusted text can begin a line of output, at any level. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "names with line feeds")
class ForgedLinesTest {

  private static final String LINE = "Verification succeeded FORGED";

  /** All that breaks a line somewhere, or goes back to its beginning. */
  private static final String EVIL =
      "x\n"
          + LINE
          + "\r"
          + LINE
          + "\u0085"
          + LINE
          + "\u2028"
          + LINE
          + "\u000b"
          + LINE
          + "\u001b[1G\u007f\u009b1G\u202e";

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void makeWorkspace() throws IOException {
    workspace = Workspace.in(directory);
  }

  private Invocation run(Object... args) {
    return run(Map.of(), args);
  }

  /** Runs a command at the most talkative level. */
  private Invocation run(Map<String, String> environment, Object... args) {
    Object[] all =
        Stream.concat(Stream.of("--log-level=DEBUG"), Stream.of(args)).toArray(Object[]::new);
    Invocation run = Invocation.in(environment, all);
    for (String line : (run.out() + run.err()).split("[\n\r\u0085\u2028\u2029\u000b\f]", -1)) {
      assertThat(line.strip()).doesNotStartWith(LINE);
    }
    assertThat(run.out() + run.err())
        .matches("(?s)[\\P{Cc}\\n]*")
        .doesNotContain("\u2028", "\u202e");
    return run;
  }

  private static String json(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      escaped.append(String.format("\\u%04x", (int) text.charAt(i)));
    }
    return escaped.toString();
  }

  // --- bundles

  static Stream<String> bundles() {
    Forge forge = new Forge();
    String statement = new Forge.StatementText().file("a", "alpha").toString();
    String bundle = forge.bundleJson(statement);
    return Stream.of(
        bundle.replace("application/vnd.dev", json(EVIL)),
        bundle.replace("\"mediaType\"", "\"" + json(EVIL) + "\":1,\"mediaType\""),
        bundle + EVIL,
        EVIL,
        "{\"mediaType\": " + EVIL,
        "{\"" + EVIL + "\": 1}",
        "{\"a\": \"" + EVIL + "\"}",
        "{\"a\": 1" + EVIL + "}",
        forge.bundleJson(statement.replace("files", json(EVIL))),
        forge.bundleJson(statement.replace("\"a\"", "\"" + json(EVIL) + "\"")),
        forge.bundleJson(statement.replace("https://in-toto.io", json(EVIL))),
        forge.bundleJson(new Forge.StatementText().resource(json(EVIL), "sha256", "00").toString()),
        forge.bundleJson(new Forge.StatementText().resource("a", json(EVIL), "00").toString()),
        forge.bundleJson(
            statement.replaceAll("[0-9a-f]{64}", Matcher.quoteReplacement(json(EVIL)))),
        forge.bundleJson(
            new Forge.StatementText().subjectName("\"" + json(EVIL) + "\"").toString()),
        forge.bundleJson(EVIL),
        forge.bundleJson("{" + EVIL));
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void ofABundle(String bundle) throws Exception {
    Path signature = workspace.write("forged.sig", bundle);
    Path key = workspace.publicKey();
    run("inspect", signature);
    run("inspect", signature, "--format=json");
    run("diff", signature, workspace.model());
    run("diff", workspace.model(), signature, "--format=json");
    run("verify", "key", workspace.model(), "--signature", signature, "--public-key", key);
    run(
        "verify",
        "key",
        workspace.model(),
        "--signature",
        signature,
        "--public-key",
        key,
        "--format=json");
    run("verify", "certificate", workspace.model(), "--signature", signature);
  }

  // --- certificates

  @Test
  void ofACertificate() throws Exception {
    String evil = "x\\0AVerification succeeded FORGED\\0D\\1B[1G";
    TestCertificate root = TestCertificate.root("CN=root " + evil);
    TestCertificate signer = root.signer("CN=" + evil);
    Path chain = TestCertificate.write(workspace.path("ca.pem"), root);
    String statement = new Forge.StatementText().file("a", "alpha").toString();
    signer.bundle(statement, root).write(workspace.signature());
    run("inspect", workspace.signature());
    for (String format : List.of("text", "json")) {
      assertThat(
              run(
                      "verify",
                      "certificate",
                      workspace.model(),
                      "--signature",
                      workspace.signature(),
                      "--certificate-chain",
                      chain,
                      "--certificate-identity",
                      EVIL,
                      "--format",
                      format)
                  .status())
          .isEqualTo(1);
      run(
          "verify",
          "certificate",
          workspace.model(),
          "--signature",
          workspace.signature(),
          "--format",
          format);
    }
  }

  // --- names of files

  @Test
  void ofTheNamesOfFiles() throws Exception {
    Path evil = workspace.path(EVIL);
    run("inspect", evil);
    run("diff", evil, evil);
    run("digest", evil);
    run("verify", "key", evil, "--signature", evil, "--public-key", evil);
    run("verify", "certificate", evil, "--signature", evil, "--certificate-chain", evil);
    run("sign", "key", workspace.model(), "--private-key", evil, "--signature", evil);
    run(
        "sign",
        "key",
        workspace.model(),
        "--private-key",
        workspace.privateKey(),
        "--signature",
        evil.resolve("x"));
    run("sign", workspace.model(), "--trust-config", evil);
    run("generate-key", "--private-key", evil.resolve("x"), "--public-key", evil.resolve("y"));
    run("pkcs11", "list", "--module-path", evil);
    workspace.write("model/" + EVIL, "x");
    workspace.write("model/" + EVIL + "2/" + EVIL, "x");
    assertThat(workspace.sign().status()).isZero();
    run("inspect", workspace.signature());
    Files.writeString(workspace.model().resolve(EVIL), "changed");
    Files.delete(workspace.model().resolve(EVIL + "2").resolve(EVIL));
    workspace.write("model/" + EVIL + "3", "x");
    assertThat(run("diff", workspace.signature(), workspace.model()).status()).isEqualTo(1);
    assertThat(
            run(
                    "verify",
                    "key",
                    workspace.model(),
                    "--signature",
                    workspace.signature(),
                    "--public-key",
                    workspace.publicKey())
                .err())
        .contains("x\\u000aVerification");
    run(
        "verify",
        "key",
        workspace.model(),
        "--signature",
        workspace.signature(),
        "--public-key",
        workspace.publicKey(),
        "--ignore-unsigned-files",
        "--ignore-paths",
        evil);
    workspace.link("model/" + EVIL + "4", EVIL);
    run("sign", "key", workspace.model(), "--private-key", workspace.privateKey());
  }

  // --- arguments and the environment

  @ParameterizedTest
  @ValueSource(
      strings = {
        EVIL_ARGUMENT,
        "--" + EVIL_ARGUMENT,
        "sign\n" + EVIL_ARGUMENT,
        "--log-level=" + EVIL_ARGUMENT
      })
  void ofArguments(String argument) {
    run(argument);
    run("sign", argument);
    run("sign", "key", argument);
    run("verify", "key", "m", argument, "x");
    run("help", argument);
    run("digest", workspace.model(), "--jobs", argument);
    run("digest", workspace.model(), "--hash-algorithm", argument);
    run("digest", workspace.model(), "--shard-size=" + argument);
    run("sign", "pkcs11-key", "m", "--pkcs11-uri", argument);
    run("sign", "key", "m", "--private-key", "k", "--tsa-url", argument);
    run("verify", "certificate", "m", "--signature", "s", "--verification-time", argument);
    run("generate-key", "--private-key", "a", "--public-key", "b", "--curve", argument);
    run(Map.of("MODEL_SIGNING_LOG_LEVEL", argument), "digest", workspace.model());
  }

  private static final String EVIL_ARGUMENT = "x\nVerification succeeded FORGED\u001b[1G";

  // --- what services answer

  @Test
  void ofWhatServicesAnswer() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] content = EVIL.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(418, content.length);
          exchange.getResponseBody().write(content);
          exchange.close();
        });
    server.start();
    try {
      String address = "http://127.0.0.1:" + server.getAddress().getPort();
      run(
          "sign",
          "key",
          workspace.model(),
          "--private-key",
          workspace.privateKey(),
          "--signature",
          workspace.signature(),
          "--tsa-url",
          address);
      Path config = workspace.write("config.json", SignSigstoreCommandTest.config(address));
      run(
          "sign",
          workspace.model(),
          "--signature",
          workspace.signature(),
          "--trust-config",
          config);
      String token =
          SignSigstoreCommandTest.token(
              "{\"iss\":\"" + json(EVIL) + "\",\"sub\":\"" + json(EVIL) + "\",\"exp\":9999999999}");
      assertThat(
              run(
                      "sign",
                      workspace.model(),
                      "--signature",
                      workspace.signature(),
                      "--trust-config",
                      config,
                      "--identity-token",
                      token)
                  .err())
          .contains("answered 418");
    } finally {
      server.stop(0);
    }
  }

  // --- libraries that write to a log

  /** A program that logs, as libraries do. */
  static final class Chatty {
    private Chatty() {}

    public static void main(String[] args) {
      NoLogging.install();
      Logger.getLogger("library").severe(LINE);
      System.getLogger("library").log(System.Logger.Level.ERROR, LINE);
    }
  }

  @Test
  void ofLibrariesThatLog() throws Exception {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Chatty.class.getName()))
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(printed).isEmpty();
    assertThat(process.exitValue()).isZero();
  }
}
