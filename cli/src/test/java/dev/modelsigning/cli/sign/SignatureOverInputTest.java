package dev.modelsigning.cli.sign;

import static dev.modelsigning.cli.Workspace.SIGNING_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.sigstore.TrustRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No method overwrites a file that it needs with its signature, under any name. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "links")
class SignatureOverInputTest {

  private static final String REFUSAL = ": the signature would replace a key, certificate or";

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void makeFiles() throws IOException {
    workspace = Workspace.in(directory);
    for (String name :
        List.of("cert.pem", "chain.pem", "store.p12", "password", "tsa.pem", "pin", "module.so")) {
      workspace.write("in/" + name, name);
    }
    Files.copy(workspace.privateKey(), workspace.path("in/key.pem"));
    workspace.write("in/config.json", SignSigstoreCommandTest.config("http://127.0.0.1:1"));
    workspace.write(
        "in/token",
        SignSigstoreCommandTest.token(
            "{\"exp\":" + Instant.now().plusSeconds(600).getEpochSecond() + "}"));
  }

  /** A method with all its files, of which the last is to be replaced. */
  private static Arguments over(String file, String... command) {
    return Arguments.of(file, List.of(command));
  }

  static Stream<Arguments> inputs() {
    return Stream.of(
        over("config.json", "sigstore", "--trust-config", "IN/config.json"),
        over(
            "token",
            "sigstore",
            "--trust-config",
            "IN/config.json",
            "--identity-token-file",
            "IN/token"),
        over("key.pem", "key", "--private-key", "IN/key.pem"),
        over("password", "key", "--private-key", "IN/key.pem", "--password-file", "IN/password"),
        over(
            "tsa.pem",
            "key",
            "--private-key",
            "IN/key.pem",
            "--tsa-url",
            "http://127.0.0.1:1",
            "--tsa-certificate-chain",
            "IN/tsa.pem"),
        over(
            "key.pem",
            "certificate",
            "--private-key",
            "IN/key.pem",
            "--signing-certificate",
            "IN/cert.pem"),
        over(
            "cert.pem",
            "certificate",
            "--private-key",
            "IN/key.pem",
            "--signing-certificate",
            "IN/cert.pem"),
        over(
            "chain.pem",
            "certificate",
            "--private-key",
            "IN/key.pem",
            "--signing-certificate",
            "IN/cert.pem",
            "--certificate-chain",
            "IN/chain.pem"),
        over("store.p12", "certificate", "--keystore", "IN/store.p12"),
        over(
            "password",
            "certificate",
            "--keystore",
            "IN/store.p12",
            "--password-file",
            "IN/password"),
        over(
            "tsa.pem",
            "certificate",
            "--keystore",
            "IN/store.p12",
            "--tsa-url",
            "http://127.0.0.1:1",
            "--tsa-certificate-chain",
            "IN/tsa.pem"),
        over("pin", "pkcs11-key", "--pkcs11-uri", "pkcs11:object=a?pin-source=file:IN/pin"),
        over(
            "module.so",
            "pkcs11-key",
            "--pkcs11-uri",
            "pkcs11:object=a",
            "--module-path",
            "IN/module.so"),
        over("module.so", "pkcs11-key", "--pkcs11-uri", "pkcs11:object=a?module-path=IN/module.so"),
        over(
            "module.so",
            "pkcs11-key",
            "--pkcs11-uri",
            "pkcs11:object=a?module-name=module",
            "--module-path",
            "IN"),
        over(
            "chain.pem",
            "pkcs11-certificate",
            "--pkcs11-uri",
            "pkcs11:object=a",
            "--signing-certificate",
            "IN/cert.pem",
            "--certificate-chain",
            "IN/chain.pem"),
        over(
            "cert.pem",
            "pkcs11-certificate",
            "--pkcs11-uri",
            "pkcs11:object=a",
            "--signing-certificate",
            "IN/cert.pem"));
  }

  private void refuses(List<String> command, Path signature) throws Exception {
    List<Object> args = new ArrayList<>(List.of("sign"));
    command.forEach(each -> args.add(each.replace("IN", workspace.path("in").toString())));
    args.add(2, workspace.model());
    args.add("--signature");
    args.add(signature);
    workspace
        .changingNothing(() -> Invocation.of(args.toArray()))
        .assertFailed(SIGNING_FAILED, signature + REFUSAL, "choose another place for it");
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void refusesByNameByLinkAndByHardLink(String file, List<String> command) throws Exception {
    // Hashing the model would report it.
    workspace.fifo("model/fifo");
    Path input = workspace.path("in/" + file);
    refuses(command, input);
    refuses(command, workspace.path("in/../in/./" + file));
    workspace.link("alias", "in");
    refuses(command, workspace.path("alias/" + file));
    workspace.link("link", "in/" + file);
    refuses(command, workspace.path("link"));
    refuses(command, Files.createLink(workspace.path("hard"), input));
  }

  @ParameterizedTest
  @ValueSource(strings = {"trusted_root.json", "targets/signing_config.v0.2.json"})
  void refusesAFileOfTheTrustCache(String name) throws Exception {
    Path file = workspace.write("cache/" + name, "{}");
    assertThat(TrustRepository.publicGood().withCache(workspace.path("cache")).files())
        .containsExactly(file);
  }

  @Test
  void writesBesideThemAll() throws Exception {
    workspace
        .signTo(workspace.path("in/model.sig"), "--password-file", workspace.path("in/password"))
        .assertSucceeded();
    workspace
        .signTo(workspace.path("in/model.sig"), "--password-file", workspace.path("in/password"))
        .assertSucceeded();
  }
}
