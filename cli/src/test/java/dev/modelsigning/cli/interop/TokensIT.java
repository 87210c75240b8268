package dev.modelsigning.cli.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelsigning.pkcs11.SoftHsm;
import dev.modelsigning.pkcs11.WithSoftHsm;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestTimestampAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands for hardware tokens, each in a process of its own, on a token in software. */
@WithSoftHsm
class TokensIT {

  private static final String TOKEN = "pkcs11:token=release;object=";
  private static final String MODULE = "?module-name=softhsm2";

  private static final TestCertificate ROOT = TestCertificate.root("CN=Root");
  private static final TestCertificate LEAF = ROOT.signer("CN=Release");
  private static final TestCertificate BARE = ROOT.signer("CN=Without public key");

  @TempDir private static Path shared;
  private static SoftHsm hsm;

  @TempDir private Path directory;
  private Path model;
  private Path signature;

  @BeforeAll
  static void makeToken() throws Exception {
    hsm = SoftHsm.at(shared.resolve("softhsm2.conf"));
    SoftHsm.Token token =
        hsm.token("release")
            .generate("EC:prime256v1", "01", "P-256")
            .generate("EC:secp384r1", "02", "P-384")
            .generate("EC:secp521r1", "03", "P-521")
            .generate("EC:prime256v1", "04", "always", "--always-auth");
    importKey(LEAF, "05", "certified");
    importKey(BARE, "06", "bare");
    token.deletePublicKey("06");
  }

  private static void importKey(TestCertificate certificate, String id, String label)
      throws Exception {
    Path key = certificate.writeKey(shared.resolve(label + ".pem"));
    hsm.run(
        "softhsm2-util",
        "--import",
        key.toString(),
        "--token",
        "release",
        "--label",
        label,
        "--id",
        id,
        "--pin",
        SoftHsm.PIN);
  }

  @BeforeEach
  void writeModel() throws IOException {
    model = Files.createDirectories(directory.resolve("model"));
    Files.writeString(model.resolve("weights"), "weights");
    signature = directory.resolve("model.sig");
  }

  private static Client client(String... variables) {
    Map<String, String> environment = new HashMap<>();
    environment.put("SOFTHSM2_CONF", hsm.configuration().toString());
    for (int i = 0; i < variables.length; i += 2) {
      environment.put(variables[i], variables[i + 1]);
    }
    return new Client(Client.java().command(), environment, Client.java().changed());
  }

  private static Client withPin() {
    return client("PKCS11_PIN", SoftHsm.PIN);
  }

  private Client.Outcome sign(Client client, String uri, String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "sign",
                "pkcs11-key",
                model.toString(),
                "--signature",
                signature.toString(),
                "--pkcs11_uri",
                uri));
    arguments.addAll(List.of(more));
    return client.run(directory, arguments.toArray(new String[0]));
  }

  private Path publicKey(String uri) throws Exception {
    Client.Outcome printed =
        withPin().run(directory, "pkcs11", "public-key", "--pkcs11-uri", uri).succeeds();
    return Files.writeString(directory.resolve("key.pub"), printed.output());
  }

  @ParameterizedTest
  @ValueSource(strings = {"P-256", "P-384", "P-521", "always"})
  void signsWithAKeyThatIsVerifiedLikeEveryKey(String label) throws Exception {
    sign(withPin(), TOKEN + label + MODULE).succeeds();
    Path key = publicKey(TOKEN + label + MODULE);
    Client.java().verify(model, signature, key).succeeds();
    if (Client.hasPython()) {
      Client.python().verify(model, signature, key).succeeds();
    }
    Files.writeString(model.resolve("weights"), "Weights");
    Client.java().verify(model, signature, key).refuses(Client.java().changed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"P-256", "P-384", "P-521", "always"})
  void signsThroughP11Kit(String label) throws Exception {
    sign(withPin(), TOKEN + label).succeeds();
    Client.java().verify(model, signature, publicKey(TOKEN + label)).succeeds();
  }

  @ParameterizedTest
  @ValueSource(strings = {"certified", "bare"})
  void signsWithACertificate(String label) throws Exception {
    Path certificate =
        TestCertificate.write(directory.resolve("cert.pem"), label.equals("bare") ? BARE : LEAF);
    Path root = TestCertificate.write(directory.resolve("root.pem"), ROOT);
    TestCertificate stampRoot = TestCertificate.root("CN=TSA Root");
    try (TestTimestampAuthority.Server server = TestTimestampAuthority.below(stampRoot).serve()) {
      withPin()
          .run(
              directory,
              "sign",
              "pkcs11-certificate",
              model.toString(),
              "--signature",
              signature.toString(),
              "--pkcs11_uri",
              TOKEN + label + MODULE,
              "--signing_certificate",
              certificate.toString(),
              "--certificate_chain",
              root.toString(),
              "--tsa-url",
              server.uri().toString())
          .succeeds();
      assertThat(server.requests()).isEqualTo(1);
    }
    List<Client> verifiers = new ArrayList<>(List.of(Client.java()));
    if (Client.hasPython()) {
      verifiers.add(Client.python());
    }
    for (Client verifier : verifiers) {
      verifier
          .run(
              directory,
              "verify",
              "certificate",
              model.toString(),
              "--signature",
              signature.toString(),
              "--certificate_chain",
              root.toString())
          .succeeds();
    }
  }

  @Test
  void refusesACertificateOfAnotherKeyBeforeTheModelIsHashed() throws Exception {
    Path certificate = TestCertificate.write(directory.resolve("cert.pem"), LEAF);
    // Hashing it would report that it cannot be hashed.
    Path unsignable = Files.createDirectory(directory.resolve("unsignable"));
    Files.createSymbolicLink(unsignable.resolve("link"), Path.of("nowhere"));
    for (String label : List.of("P-256", "bare")) {
      withPin()
          .run(
              directory,
              "sign",
              "pkcs11-certificate",
              unsignable.toString(),
              "--pkcs11-uri",
              TOKEN + label + MODULE,
              "--signing-certificate",
              certificate.toString())
          .refuses("the private key is not the one of the certificate 'CN=Release'");
    }
    assertThat(directory.resolve("model.sig")).doesNotExist();
  }

  @Test
  void takesThePinFromTheUriTheFileThatItNamesAndTheEnvironment() throws Exception {
    Path pin = Files.writeString(directory.resolve("pin"), SoftHsm.PIN + "\n");
    String uri = TOKEN + "P-256" + MODULE;
    sign(client(), uri + "&pin-value=" + SoftHsm.PIN).succeeds();
    sign(client(), uri + "&pin-source=" + pin).succeeds();
    sign(client("PKCS11_PIN", "wrong"), uri + "&pin-source=" + pin.toUri()).succeeds();
    Files.delete(signature);
    sign(client(), uri).refuses("the token 'release' wants a PIN; give it in a file");
    assertThat(sign(client("PKCS11_PIN", "98765"), uri).refuses("wrong PIN").output())
        .doesNotContain("98765");
    assertThat(signature).doesNotExist();
  }

  @Test
  void listsForPrograms() throws Exception {
    String uri = "pkcs11:token=release?module-name=softhsm2";
    assertThat(
            client()
                .run(directory, "pkcs11", "list", "--pkcs11-uri", uri, "--format=json")
                .succeeds()
                .output())
        .startsWith("{\"schemaVersion\":1,")
        .contains("\"tokens\":[{\"uri\":\"pkcs11:", "\"label\":\"release\"")
        .contains("\"scheme\":\"ECDSA_P384\",\"privateSeen\":false}");
    assertThat(
            withPin()
                .run(directory, "pkcs11", "list", "--pkcs11-uri", uri, "--login", "--format=json")
                .succeeds()
                .output())
        .contains("\"scheme\":\"ECDSA_P384\",\"privateSeen\":true}");
    client()
        .run(
            directory,
            "pkcs11",
            "list",
            "--pkcs11-uri",
            "pkcs11:token=none?module-name=softhsm2",
            "--login",
            "--format=json")
        .refuses("\"reason\":\"SIGNING_FAILED\"");
  }

  @Test
  void listsWhatCanBeCopied() throws Exception {
    String uri = "pkcs11:token=release" + MODULE;
    Client.Outcome listed =
        client().run(directory, "pkcs11", "list", "--pkcs11-uri", uri).succeeds();
    assertThat(listed.output()).contains("object=P-384;id=%02?module-name=softhsm2 (P-384, only");
    Client.Outcome all =
        withPin().run(directory, "pkcs11", "list", "--pkcs11-uri", uri, "--login").succeeds();
    String copied =
        all.output()
            .lines()
            .filter(line -> line.contains("object=bare;"))
            .map(line -> line.replaceFirst("^.*(pkcs11:\\S+).*$", "$1"))
            .findFirst()
            .orElseThrow();
    assertThat(copied).endsWith(";object=bare;id=%06?module-name=softhsm2");
    sign(withPin(), copied).refuses("the public key that belongs to the private key is not known");
    sign(withPin(), copied.replace("bare;id=%06", "P-521;id=%03")).succeeds();
    client()
        .run(directory, "pkcs11", "list", "--module-path", SoftHsm.module().toString())
        .endsWith(0, "?module-path=" + SoftHsm.module());
  }

  @ParameterizedTest
  @ValueSource(strings = {"id=%02", "object=P-384"})
  void readsThePublicKeyThatTheTokenShowsWithoutAPin(String key) throws Exception {
    client()
        .run(
            directory,
            "pkcs11",
            "public-key",
            "--pkcs11-uri",
            "pkcs11:token=release;" + key + MODULE)
        .endsWith(0, "-----BEGIN PUBLIC KEY-----");
  }

  @Test
  void saysHowToGiveThePinForAPublicKeyThatTheTokenDoesNotShow() throws Exception {
    client()
        .run(
            directory,
            "pkcs11",
            "public-key",
            "--pkcs11-uri",
            "pkcs11:token=release;object=unheard-of" + MODULE)
        .endsWith(1, "without a PIN, the token 'release' shows no public key that fits")
        .endsWith(1, "which may be private: the token 'release' wants a PIN; give it in a file");
  }

  /** It lists public objects, so its URIs say {@code type=public} of a key that is to sign. */
  @Test
  void takesTheUriThatP11toolPrints() throws Exception {
    String listed =
        hsm.run(
            "p11tool",
            "--provider=" + SoftHsm.module(),
            "--list-all",
            "--only-urls",
            "pkcs11:token=release");
    String uri =
        listed
            .lines()
            .filter(line -> line.contains("object=P-384;"))
            .findFirst()
            .orElseThrow()
            .strip();
    assertThat(uri).contains("type=public", "id=%02", "model=", "serial=");
    sign(withPin(), uri).succeeds();
    sign(withPin(), uri + MODULE).succeeds();
    Client.java().verify(model, signature, publicKey(uri)).succeeds();
  }

  @Test
  void tellsThatAModuleIsNotConfigured() throws Exception {
    sign(
            client("SOFTHSM2_CONF", directory.resolve("absent").toString()),
            TOKEN + "P-256?module-path=" + SoftHsm.module())
        .refuses("the PKCS #11 module does not start: C_Initialize returned CKR_GENERAL_ERROR");
  }

  @Test
  void tellsThatNativeCodeMayNotBeLoaded() throws Exception {
    List<String> command = new ArrayList<>(client().command());
    command.add(1, "-Djna.nounpack=true");
    Client crippled = new Client(command, withPin().environment(), "");
    sign(crippled, TOKEN + "P-256")
        .refuses("the native part of JNA, which calls PKCS #11 modules,");
  }

  @Test
  void runsAsAnOrdinaryUser() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "this already is an ordinary user");
    Path home = Files.createTempDirectory("ordinary-user");
    Path jar =
        Files.copy(
            Path.of(Client.java().command().get(Client.java().command().size() - 1)),
            home.resolve("model-signing.jar"));
    Files.createDirectories(home.resolve("model"));
    Files.writeString(home.resolve("model/weights"), "weights");
    Client shell =
        new Client(
            List.of("sh", "-ec"),
            Map.of("SOFTHSM2_CONF", home.resolve("softhsm2.conf").toString(), "HOME", "" + home),
            "");
    try {
      SoftHsm.at(home.resolve("softhsm2.conf"));
      shell.run(home, "chown -R 65534:65534 . && chmod 755 .").succeeds();
      Client.Outcome outcome =
          shell.run(
              home,
              "exec setpriv --reuid=65534 --regid=65534 --clear-groups -- sh -ec '"
                  + "softhsm2-util --init-token --free --label mine --pin 1234 --so-pin 12345678;"
                  + "pkcs11-tool --module "
                  + SoftHsm.module()
                  + " --token-label mine --login --pin 1234 --keypairgen --key-type EC:secp384r1"
                  + " --id 01 --label mine;"
                  + Path.of(System.getProperty("java.home"), "bin", "java")
                  + " -Djava.io.tmpdir="
                  + home
                  + " -jar "
                  + jar
                  + " sign pkcs11-key model"
                  + " --pkcs11-uri \"pkcs11:token=mine;id=%01?pin-value=1234\"'");
      assumeTrue(
          !outcome.output().contains("setpriv:"),
          "this needs setpriv (package util-linux) and the right to change the user");
      outcome.endsWith(0, "Signing succeeded");
    } finally {
      shell.run(directory, "rm -rf " + home).succeeds();
    }
  }
}
