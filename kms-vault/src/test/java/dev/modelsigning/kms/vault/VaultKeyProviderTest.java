package dev.modelsigning.kms.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.signing.KeyIdentity;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.KeyProviders;
import dev.modelsigning.signingkey.SigningKey;
import dev.modelsigning.signingkey.VerifyingKey;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestKeys;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys in a server that answers as Vault and OpenBao do: what works, and which settings count. */
class VaultKeyProviderTest {

  private static final KeyProviders PROVIDERS = KeyProviders.installed();
  private static final Payload PAYLOAD =
      Payload.inToto(Bytes.of("{}".getBytes(StandardCharsets.UTF_8)));

  @TempDir private Path directory;
  private TransitServer server;

  @BeforeEach
  void start() throws IOException {
    server = new TransitServer();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private KeyContext context() {
    return KeyContext.withDefaults().withEnvironment(server.environment());
  }

  private KeyContext context(Map<String, String> changes) {
    Map<String, String> environment = new HashMap<>(server.environment());
    changes.forEach((name, value) -> {
      if (value.isEmpty()) {
        environment.remove(name);
      } else {
        environment.put(name, value);
      }
    });
    return KeyContext.withDefaults().withEnvironment(environment);
  }

  private static SignedPayload sign(String uri, KeyContext context) throws Exception {
    try (SigningKey key = PROVIDERS.open(URI.create(uri), context)) {
      return KeySigner.using(key).sign(List.of(PAYLOAD)).get(0);
    }
  }

  private static VerifyingKey publicKey(String uri, KeyContext context) throws Exception {
    return PROVIDERS.verifyingKey(URI.create(uri), context);
  }

  static List<EcdsaScheme> schemes() {
    return EcdsaScheme.values();
  }

  @ParameterizedTest
  @MethodSource("schemes")
  void signsWithAKeyOnEachCurve(EcdsaScheme scheme) throws Exception {
    TestKeys keys = server.rotate("models", scheme);

    SignedPayload signed = sign("hashivault://models", context());

    KeyIdentity signer = (KeyIdentity) signed.signer();
    assertThat(signer.fingerprint()).isEqualTo(TestKeys.fingerprint(keys.publicKey()));
    assertThat(signer.algorithm()).isEqualTo(scheme.name());
    assertThat(signer.keyService()).contains(server.address().toString());
    assertThat(KeyVerifier.using(keys.publicKey()).verify(signed.bundle()).signer())
        .isEqualTo(new KeyIdentity(signer.fingerprint(), signer.algorithm()));
    KeyVerifier verifier = KeyVerifier.using(publicKey("hashivault://models", context()));
    assertThat(verifier.verify(signed.bundle()).signer()).isEqualTo(signer);
  }

  @Test
  void readsAPublicKeyWithoutAskingForARightToSign() throws Exception {
    TestKeys keys = server.rotate("models", EcdsaScheme.P256);
    server.answering("sys/", 403, "{}");
    server.answering("transit/sign/", 403, "{}");

    assertThat(publicKey("openbao://models", context()))
        .isEqualTo(TestKeys.verifying(keys.publicKey()));
    assertThat(server.asked()).containsExactly("GET /v1/transit/keys/models");
  }

  @Test
  void checksTheKeyAndTheRightToSignBeforeItSignsAnything() throws Exception {
    server.rotate("models", EcdsaScheme.P384);
    PROVIDERS.open(URI.create("hashivault://models"), context()).close();
    assertThat(server.asked())
        .containsExactly("GET /v1/transit/keys/models", "POST /v1/sys/capabilities-self");
    assertThat(new String(server.requests().get(1).content(), StandardCharsets.UTF_8))
        .isEqualTo("{\"paths\":[\"transit/sign/models/sha2-384\"]}");
  }

  @Test
  void signsWithATokenThatMayNotAskForItsRights() throws Exception {
    server.rotate("models", EcdsaScheme.P256);
    server.answering("sys/capabilities-self", 403, "{\"errors\":[\"permission denied\"]}");
    assertThat(sign("hashivault://models", context()).bundle()).isNotNull();
  }

  // --- versions

  @Test
  void takesTheLatestVersion() throws Exception {
    server.rotate("models", EcdsaScheme.P256);
    TestKeys latest = server.rotate("models", EcdsaScheme.P256);
    assertThat(publicKey("hashivault://models", context()).fingerprint())
        .isEqualTo(TestKeys.fingerprint(latest.publicKey()));
    assertThat(sign("hashivault://models", context()).signer().name())
        .isEqualTo(TestKeys.fingerprint(latest.publicKey()));
  }

  @Test
  void signsWithTheVersionWhosePublicKeyItReadEvenIfTheKeyIsRotated() throws Exception {
    TestKeys first = server.rotate("models", EcdsaScheme.P256);
    try (SigningKey key = PROVIDERS.open(URI.create("hashivault://models"), context())) {
      server.rotate("models", EcdsaScheme.P256);
      SignedPayload signed = KeySigner.using(key).sign(List.of(PAYLOAD)).get(0);
      assertThat(KeyVerifier.using(first.publicKey()).verify(signed.bundle())).isNotNull();
    }
  }

  // --- settings

  @Test
  void usesAnotherEngineANamespaceAndAPath() throws Exception {
    server.rotate("models", EcdsaScheme.P256);
    server.mount("teams/ml/transit", "ns1/");
    Map<String, String> settings =
        Map.of("TRANSIT_SECRET_ENGINE_PATH", "/teams/ml/transit/", "VAULT_NAMESPACE", "ns1/");
    assertThat(sign("hashivault://models", context(settings)).bundle()).isNotNull();
  }

  @Test
  void takesTheVariablesOfOpenBaoFirst() throws Exception {
    server.rotate("models", EcdsaScheme.P256);
    Map<String, String> both =
        Map.of(
            "BAO_ADDR",
            server.address().toString(),
            "BAO_TOKEN",
            TransitServer.TOKEN,
            "VAULT_ADDR",
            "https://nobody.invalid",
            "VAULT_TOKEN",
            "another");
    assertThat(sign("openbao://models", context(both)).bundle()).isNotNull();
    assertThatThrownBy(() -> sign("hashivault://models", context(both)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Vault at https://nobody.invalid/v1/");
  }

  @Test
  void readsTheTokenThatALoginWrote() throws Exception {
    server.rotate("models", EcdsaScheme.P256);
    Path file = Files.writeString(directory.resolve(".vault-token"), TransitServer.TOKEN + "\n");
    KeyContext context = context(Map.of("VAULT_TOKEN", "", "HOME", directory.toString()));
    assertThat(sign("hashivault://models", context).bundle()).isNotNull();
    assertThat(PROVIDERS.files(URI.create("hashivault://models"), context)).containsExactly(file);
  }

  @Test
  void trustsTheAuthoritiesOfTheVariableAndNoOthers() throws Exception {
    TestCertificate root = TestCertificate.root("CN=A");
    TestCertificate certificate =
        TestCertificate.named("CN=vault").names(GeneralName.iPAddress, "127.0.0.1").issuedBy(root);
    Path ours = TestCertificate.write(directory.resolve("ours.pem"), root);
    Path other =
        TestCertificate.write(directory.resolve("other.pem"), TestCertificate.root("CN=B"));
    try (TransitServer tls = TransitServer.tls(certificate)) {
      tls.rotate("models", EcdsaScheme.P256);
      Map<String, String> address = tls.environment();
      SignedPayload signed =
          sign("hashivault://models", context(with(address, "VAULT_CACERT", ours.toString())));
      assertThat(((KeyIdentity) signed.signer()).keyService())
          .contains("https://127.0.0.1:" + tls.address().getPort());
      assertThatThrownBy(() ->
              sign("openbao://models", context(with(address, "VAULT_CACERT", other.toString()))))
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll(
              "is not trusted", "only the authorities in the file of VAULT_CACERT count");
      assertThatThrownBy(() -> sign("hashivault://models", context(address)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("is not trusted");
      assertThat(tls.asked()).allMatch(line -> line.contains("/v1/")).hasSize(3);
    }
  }

  private static Map<String, String> with(
      Map<String, String> environment, String name, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(name, value);
    return more;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "VAULT_ADDR||the variable VAULT_ADDR is not set",
        "VAULT_ADDR|http://vault.example:8200|http to another machine",
        "VAULT_ADDR|http://localhost.example|http to another machine",
        "VAULT_ADDR|https://user:HIDDEN@vault.example|one with a user",
        "VAULT_ADDR|https://vault.example/?token=HIDDEN|one with a user, a query",
        "VAULT_ADDR|https://vault.example/#HIDDEN|a fragment",
        "VAULT_ADDR|https://vault.example/../HIDDEN|whose path is not plain",
        "VAULT_ADDR|https://vault.example/%2e%2e/HIDDEN|whose path is not plain",
        "VAULT_ADDR|https://HIDDEN example|damaged at character",
        "VAULT_ADDR|unix:///HIDDEN|found something else",
        "VAULT_ADDR|vault.example:8200|found something else",
        "TRANSIT_SECRET_ENGINE_PATH|../sys|where the secrets engine is mounted",
        "TRANSIT_SECRET_ENGINE_PATH|a/../b|where the secrets engine is mounted",
        "TRANSIT_SECRET_ENGINE_PATH|a?b|where the secrets engine is mounted",
        "VAULT_NAMESPACE|a b|printable ASCII",
        "VAULT_TOKEN|HIDDEN token|expected a token of printable ASCII",
        "VAULT_CACERT|/there/is/none.pem|/there/is/none.pem"
      })
  void refusesSettingsThatItCannotUse(String name, String value, String words) {
    Map<String, String> changes = Map.of(name, value == null ? "" : value);
    for (String scheme : List.of("hashivault", "openbao")) {
      if (scheme.equals("openbao") && value == null) {
        continue; // names another variable
      }
      assertThatThrownBy(() -> sign(scheme + "://models", context(changes)))
          .isInstanceOfAny(SigningException.class, IOException.class)
          .hasMessageContaining(words)
          .hasMessageNotContainingAny("HIDDEN");
      assertThatThrownBy(() -> publicKey(scheme + "://models", context(changes)))
          .isInstanceOfAny(UnusableTrustException.class, IOException.class)
          .hasMessageContaining(words)
          .hasMessageNotContainingAny("HIDDEN");
    }
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void saysThatThereIsNoToken() {
    KeyContext context = context(Map.of("VAULT_TOKEN", "", "HOME", directory.toString()));
    assertThatThrownBy(() -> sign("openbao://models", context))
        .isInstanceOf(SigningException.class)
        .hasMessageContainingAll("no token for OpenBao", "BAO_TOKEN", ".vault-token");
  }

  // --- URIs

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hashivault://user:HIDDEN@models",
        "hashivault://HIDDEN@models",
        "hashivault://models?token=HIDDEN",
        "hashivault://models#HIDDEN",
        "hashivault://models/versions/HIDDEN",
        "hashivault://models/../HIDDEN",
        "hashivault://../HIDDEN",
        "hashivault://..",
        "hashivault://models:8200",
        "hashivault://models%2fHIDDEN",
        "hashivault://models%0aHIDDEN",
        "hashivault:models",
        "hashivault:///models",
        "openbao:/HIDDEN"
      })
  void refusesUrisWithAnythingButAName(String uri) {
    assertThatThrownBy(() -> sign(uri, context()))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("://KEY, found ")
        .hasMessageNotContainingAny("HIDDEN");
    assertThatThrownBy(() -> publicKey(uri, context()))
        .isInstanceOf(UnusableTrustException.class)
        .hasMessageContaining("://KEY, found ")
        .hasMessageNotContainingAny("HIDDEN");
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void refusesANameWithoutEnd() {
    assertThatThrownBy(() -> sign("hashivault://" + "a".repeat(300), context()))
        .hasMessageContaining("one of more than 250 characters");
  }

  static Stream<String> names() {
    return Stream.of("m", "_m", "my-key_1.2", "MODELS");
  }

  @ParameterizedTest
  @MethodSource("names")
  void takesTheNamesThatCosignTakes(String name) throws Exception {
    server.rotate(name, EcdsaScheme.P256);
    assertThat(sign("HashiVault://" + name, context()).bundle()).isNotNull();
  }

  @Test
  void namesTheServiceInAKeyOnlyByItsOrigin() throws Exception {
    TestKeys keys = server.rotate("models", EcdsaScheme.P256);
    VerifyingKey key =
        TestKeys.verifying(keys.publicKey())
            .from(Optional.of(URI.create("https://user:HIDDEN@h.example:1/HIDDEN?HIDDEN#HIDDEN")));
    assertThat(key.service()).contains("https://h.example:1");
    assertThat(key).isEqualTo(TestKeys.verifying(keys.publicKey()));
  }
}
