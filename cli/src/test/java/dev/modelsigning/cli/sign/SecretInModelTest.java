package dev.modelsigning.cli.sign;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.keys.KeyName;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.testing.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Whoever signs a secret as part of a model is told so: it is published with the model. */
class SecretInModelTest {

  private static final String CODE = "PRIVATE_KEY_IN_MODEL";

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void makeWorkspace() throws IOException {
    workspace = Workspace.in(directory);
  }

  /** The names of the secrets that a signing reports in JSON. */
  private static List<String> reported(Invocation run) {
    List<String> files = new ArrayList<>();
    JsonObject report = JsonParser.parseString(run.assertSucceeded().out()).getAsJsonObject();
    for (JsonElement finding : report.getAsJsonArray("findings")) {
      if (finding.getAsJsonObject().get("rule").getAsString().equals(CODE)) {
        files.add(finding.getAsJsonObject().get("file").getAsString());
      }
    }
    return files;
  }

  private Path keyInModel(String name) throws IOException {
    Path key = workspace.model().resolve(name);
    return Files.copy(workspace.privateKey(), key);
  }

  private Path keyStoreInModel(TestCertificate signer, String type) throws Exception {
    KeyStore store = KeyStore.getInstance(type);
    store.load(null, null);
    char[] password = "secret".toCharArray();
    store.setKeyEntry(
        "release", signer.keys().getPrivate(), password, new Certificate[] {signer.certificate()});
    Path file = workspace.model().resolve("release.store");
    try (var out = Files.newOutputStream(file)) {
      store.store(out, password);
    }
    return file;
  }

  @Test
  void warnsAboutThePrivateKey() throws IOException {
    Path key = keyInModel("key.pem");

    Invocation signed = workspace.signWith(key).assertSucceeded();

    assertThat(signed.err())
        .isEqualTo(
            "warning: "
                + key
                + ": the private key is in the model and is signed with it (as 'key.pem'), so"
                + " whoever gets the model gets the private key; move it out of the model and sign"
                + " again\n");
    assertThat(reported(workspace.signWith(key, "--format=json"))).containsExactly("key.pem");
  }

  @Test
  void saysNothingOfAKeyThatIsElsewhere() throws IOException {
    workspace.write("model/key.pem", "the key of somebody else");

    assertThat(workspace.sign().assertSucceeded().err()).isEmpty();
    assertThat(reported(workspace.sign("--format=json"))).isEmpty();
  }

  @Test
  void saysNothingOfAKeyThatIsLeftOut() throws IOException {
    Path key = keyInModel("key.pem");

    assertThat(workspace.signWith(key, "--ignore-paths", key).assertSucceeded().err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--hash-algorithm=blake2b",
        "--hash-algorithm=blake3",
        "--shard-size=7",
        "--shard-size=1000000"
      })
  void findsItWhateverTheDigestsAre(String option) throws IOException {
    Path key = keyInModel("weights/key.pem");

    assertThat(reported(workspace.signWith(key, option, "--format=json")))
        .singleElement()
        .asString()
        .startsWith("weights/key.pem");
  }

  /** The key is published all the same. */
  @Test
  void findsACopy() throws IOException {
    keyInModel("backup");

    assertThat(reported(workspace.sign("--format=json"))).containsExactly("backup");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "links")
  void findsALink() throws IOException {
    workspace.link("model/link", "../key.pem");

    assertThat(reported(workspace.sign("--allow-symlinks", "--format=json")))
        .containsExactly("link");
  }

  /** The key is given by a link that leads into the model. */
  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "links")
  void findsWhatALinkLeadsTo() throws IOException {
    keyInModel("key.pem");
    workspace.link("alias.pem", "model/key.pem");

    assertThat(reported(workspace.signWith(workspace.path("alias.pem"), "--format=json")))
        .containsExactly("key.pem");
  }

  @Test
  void findsAModelThatIsTheKey() {
    assertThat(reported(workspace.signModel(workspace.privateKey(), "--format=json")))
        .containsExactly("key.pem");
  }

  @Test
  void warnsAboutThePassword() throws Exception {
    Path password = workspace.write("model/password.txt", "secret\n");
    Path key = workspace.path("encrypted.pem");
    Invocation.of(
            "generate-key",
            "--private-key",
            key,
            "--public-key",
            workspace.path("encrypted.pub"),
            "--password-file",
            password)
        .assertSucceeded();

    assertThat(workspace.signWith(key, "--password-file", password).assertSucceeded().err())
        .contains(password + ": the password is in the model");
    assertThat(reported(workspace.signWith(key, "--password-file", password, "--format=json")))
        .containsExactly("password.txt");
  }

  @Test
  void saysNothingOfAnEmptyFile() throws IOException {
    Path password = workspace.write("model/password.txt", "");

    assertThat(workspace.sign("--password-file", password).assertSucceeded().err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PKCS12", "JKS"})
  void warnsAboutTheKeyStore(String type) throws Exception {
    TestCertificate signer = TestCertificate.root("CN=Root").signer("CN=Signer");
    Path store = keyStoreInModel(signer, type);
    Object[] command = {
      "sign",
      "certificate",
      workspace.model(),
      "--keystore",
      store,
      "--password",
      "secret",
      "--signature",
      workspace.signature(),
      "--format=json"
    };

    Invocation signed = Invocation.of(command);

    assertThat(reported(signed)).containsExactly("release.store");
    assertThat(signed.err()).contains(store + ": the key store is in the model");
  }

  @Test
  void warnsAboutTheKeyOfACertificate() throws Exception {
    TestCertificate signer = TestCertificate.root("CN=Root").signer("CN=Signer");
    Path key = signer.writeKey(workspace.model().resolve("signer.pem"));
    // A certificate is no secret.
    Path certificate = TestCertificate.write(workspace.model().resolve("signer.crt"), signer);

    assertThat(
            reported(
                Invocation.of(
                    "sign",
                    "certificate",
                    workspace.model(),
                    "--private-key",
                    key,
                    "--signing-certificate",
                    certificate,
                    "--signature",
                    workspace.signature(),
                    "--format=json")))
        .containsExactly("signer.pem");
  }

  @Test
  void warnsAboutAKeyByItsUri() throws IOException {
    Path key = keyInModel("key.pem");

    assertThat(
            reported(
                Invocation.of(
                    "sign",
                    "key",
                    workspace.model(),
                    "--private-key",
                    key.toUri(),
                    "--signature",
                    workspace.signature(),
                    "--format=json")))
        .containsExactly("key.pem");
  }

  /** What needs a service or a token to sign with: the files that are looked for. */
  @ParameterizedTest
  @CsvSource({
    "identity token, sigstore --identity-token-file FILE",
    "PIN, pkcs11-key --pkcs11-uri pkcs11:object=a?pin-source=file:FILE",
    "PIN, key --private-key pkcs11:object=a?pin-source=file:FILE",
    "PIN, pkcs11-certificate --pkcs11-uri pkcs11:object=a?pin-source=file:FILE"
        + " --signing-certificate FILE",
    "PIN, certificate --private-key pkcs11:object=a?pin-source=file:FILE --signing-certificate FILE"
  })
  void looksForTheSecretsOfEveryMethod(String content, String command) throws Exception {
    Path file = workspace.write("model/secret", "the secret");
    List<String> words =
        Arrays.stream(command.split(" ", -1)).map(word -> word.replace("FILE", "" + file)).toList();
    SigningCommand signing = signing(words.get(0));
    CommandLine parser = new CommandLine(new Root()).addSubcommand(words.get(0), signing);
    parser.registerConverter(KeyName.class, KeyName::of);
    parser.registerConverter(Path.class, Path::of);
    parser.registerConverter(Place.class, Place::of);
    List<String> options = new ArrayList<>(words);
    options.add("" + workspace.model());
    parser.parseArgs(options.toArray(String[]::new));

    Manifest manifest = ModelHasher.withDefaults().hash(workspace.model()).manifest();

    assertThat(signing.method().secrets(ModelHasher.withDefaults(), false))
        .singleElement()
        .satisfies(secret -> {
          assertThat(secret.content()).isEqualTo(content);
          assertThat(secret.findIn(manifest).orElseThrow().file()).contains("secret");
        });
  }

  @Command
  private static final class Root implements Program {
    @Override
    public Output output(boolean quiet) {
      return Output.nowhere();
    }

    @Override
    public Map<String, String> environment() {
      return Map.of();
    }

    @Override
    public void failing(Exception why) {
      throw new AssertionError(why);
    }
  }

  private static SigningCommand signing(String method) {
    return switch (method) {
      case "sigstore" -> new SignSigstoreCommand();
      case "key" -> new SignKeyCommand();
      case "certificate" -> new SignCertificateCommand();
      case "pkcs11-key" -> new SignPkcs11KeyCommand();
      default -> new SignPkcs11CertificateCommand();
    };
  }
}
