package dev.modelsigning.cli.interop.sigstore;

import dev.modelsigning.cli.interop.Client;
import dev.modelsigning.cli.interop.Direction;
import dev.modelsigning.cli.interop.WithPythonClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Keyless signatures of real servers: what one client signs, the others verify, with both versions
 * of the transparency log. The JavaScript client verifies the bundle, and does not know of models.
 */
@WithSigstoreStack
@WithPythonClient
class SigstoreInteroperabilityIT {

  private static final Pattern PAYLOAD = Pattern.compile("\"payload\":\\s*\"([^\"]+)\"");

  @TempDir private Path directory;

  private Path model;
  private Path signature;

  @BeforeEach
  void makeModel() throws Exception {
    model = writeModel("model");
    signature = directory.resolve("model.sig");
  }

  private Path writeModel(String name) throws IOException {
    Path made = Files.createDirectories(directory.resolve(name));
    Files.writeString(made.resolve("config.json"), "{}");
    Files.createDirectories(made.resolve("sub"));
    Files.writeString(made.resolve("sub/weights.bin"), "weights");
    return made;
  }

  static Stream<Object[]> matrix() {
    List<Object[]> matrix = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      directionless().forEach(one -> matrix.add(new Object[] {direction, one[0], one[1]}));
    }
    return matrix.stream();
  }

  static Stream<Object[]> directionless() {
    List<Object[]> matrix = new ArrayList<>();
    for (int version : List.of(1, 2)) {
      for (KeylessSigner signer : KeylessSigner.values()) {
        matrix.add(new Object[] {version, signer});
      }
    }
    return matrix.stream();
  }

  private static String config(int version) {
    return SigstoreStack.file("trust_config_v" + version + ".json").toString();
  }

  /** Without a proxy, which the Python client would ask for the loopback addresses too. */
  private static Client direct(Client client) {
    return client.with("NO_PROXY", "*").with("no_proxy", "*");
  }

  private void sign(Client client, int version, KeylessSigner signer) throws Exception {
    direct(client)
        .run(
            directory,
            "sign",
            "sigstore",
            model.toString(),
            "--signature",
            signature.toString(),
            "--trust_config",
            config(version),
            "--identity_token",
            signer.token())
        .succeeds();
  }

  private Client.Outcome verify(Client client, int version, String identity, String issuer)
      throws Exception {
    return direct(client)
        .run(
            directory,
            "verify",
            "sigstore",
            model.toString(),
            "--signature",
            signature.toString(),
            "--trust_config",
            config(version),
            "--identity",
            identity,
            "--identity_provider",
            issuer);
  }

  private Client.Outcome verifyInJavaScript(String identity, String issuer) throws Exception {
    return SigstoreStack.script("verify.mjs")
        .run(
            directory,
            SigstoreStack.directory().toString(),
            signature.toString(),
            SigstoreStack.file("trusted_root.json").toString(),
            identity,
            issuer);
  }

  /** Changes the statement in the signature file. */
  private void changePayload() throws IOException {
    String bundle = Files.readString(signature);
    Matcher payload = PAYLOAD.matcher(bundle);
    if (!payload.find()) {
      throw new AssertionError(bundle);
    }
    String statement =
        new String(Base64.getDecoder().decode(payload.group(1)), StandardCharsets.UTF_8);
    String changed = statement.replace("weights.bin", "Weights.bin");
    Files.writeString(
        signature,
        bundle.replace(
            payload.group(1),
            Base64.getEncoder().encodeToString(changed.getBytes(StandardCharsets.UTF_8))));
  }

  @ParameterizedTest(name = "{0}, Rekor v{1}, {2}")
  @MethodSource("matrix")
  void whatOneSignsTheOtherVerifies(Direction direction, int version, KeylessSigner signer)
      throws Exception {
    sign(direction.signer(), version, signer);

    verify(direction.verifier(), version, signer.identity(), signer.issuer()).succeeds();

    Files.writeString(model.resolve("sub/weights.bin"), "Weights");
    verify(direction.verifier(), version, signer.identity(), signer.issuer())
        .refuses(direction.verifier().changed());
  }

  @ParameterizedTest(name = "{0}, Rekor v{1}, {2}")
  @MethodSource("matrix")
  void bothRefuseAnotherSigner(Direction direction, int version, KeylessSigner signer)
      throws Exception {
    boolean ours = direction == Direction.PYTHON_TO_JAVA;
    sign(direction.signer(), version, signer);

    verify(direction.verifier(), version, "other@example.com", signer.issuer())
        .refuses(ours ? "the certificate is for '" + signer.identity() + "'" : "SANs do not match");
    verify(direction.verifier(), version, signer.identity(), "https://other.example.com")
        .refuses(ours ? "by '" + signer.issuer() + "'" : "Certificate");
  }

  @ParameterizedTest(name = "Rekor v{0}, {1}")
  @MethodSource("directionless")
  void whatJavaSignsJavaScriptVerifies(int version, KeylessSigner signer) throws Exception {
    sign(Client.java(), version, signer);

    verifyInJavaScript(signer.identity(), signer.issuer()).succeeds();

    changePayload();
    verifyInJavaScript(signer.identity(), signer.issuer()).refuses("refused: ");
  }

  @ParameterizedTest(name = "Rekor v{0}, {1}")
  @MethodSource("directionless")
  void javaScriptRefusesAnotherSigner(int version, KeylessSigner signer) throws Exception {
    sign(Client.java(), version, signer);

    verifyInJavaScript("other@example.com", signer.issuer()).refuses("UNTRUSTED_SIGNER_ERROR");
    verifyInJavaScript(signer.identity(), "https://other.example.com")
        .refuses("UNTRUSTED_SIGNER_ERROR");
  }

  @ParameterizedTest(name = "Rekor v{0}")
  @ValueSource(ints = {1, 2})
  void allVerifyNamesBeyondAsciiThatJavaSigned(int version) throws Exception {
    KeylessSigner signer = KeylessSigner.PERSON;
    model = writeModel("mod\u00e8le-\u6a21\u578b");
    Files.writeString(model.resolve("\u6743\u91cd-\ud83d\ude00.bin"), "weights");
    sign(Client.java(), version, signer);

    verify(Client.java(), version, signer.identity(), signer.issuer()).succeeds();
    verify(Client.python(), version, signer.identity(), signer.issuer()).succeeds();
    verifyInJavaScript(signer.identity(), signer.issuer()).succeeds();
  }

  @ParameterizedTest(name = "Rekor v{0}")
  @ValueSource(ints = {1, 2})
  void verifiesNamesBeyondAsciiThatPythonSigned(int version) throws Exception {
    KeylessSigner signer = KeylessSigner.PERSON;
    model = writeModel("mod\u00e8le-\u6a21\u578b");
    Files.writeString(model.resolve("\u6743\u91cd-\ud83d\ude00.bin"), "weights");
    sign(Client.python(), version, signer);

    verify(Client.java(), version, signer.identity(), signer.issuer()).succeeds();
  }
}
