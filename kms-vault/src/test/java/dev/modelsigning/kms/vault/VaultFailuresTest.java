package dev.modelsigning.kms.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.KeyProviders;
import dev.modelsigning.signingkey.SigningKey;
import dev.modelsigning.testing.TestHttpServer;
import dev.modelsigning.testing.TestKeys;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that refuse, are slow, lie, or are something else. */
@Timeout(60)
class VaultFailuresTest {

  private static final KeyProviders PROVIDERS = KeyProviders.installed();
  private static final URI KEY = URI.create("hashivault://models");
  private static final Payload PAYLOAD =
      Payload.inToto(Bytes.of("{}".getBytes(StandardCharsets.UTF_8)));

  private TransitServer server;
  private TestKeys keys;

  @BeforeEach
  void start() throws IOException {
    server = new TransitServer();
    keys = server.rotate("models", EcdsaScheme.P256);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private KeyContext context() {
    return KeyContext.withDefaults()
        .withEnvironment(server.environment())
        .withTimeout(Duration.ofSeconds(2));
  }

  private void sign() throws Exception {
    try (SigningKey key = PROVIDERS.open(KEY, context())) {
      KeySigner.using(key).sign(List.of(PAYLOAD));
    }
  }

  /** What is said of a failure, without secrets in any of its causes. */
  private static String message(Exception e) {
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain(TransitServer.TOKEN, "SECRET-of-this");
    return String.valueOf(e.getMessage());
  }

  private void assertNotOpened(Class<? extends Exception> type, String... words) {
    assertThatThrownBy(() -> PROVIDERS.open(KEY, context()))
        .isInstanceOf(type)
        .satisfies(e ->
            assertThat(message((Exception) e))
                .contains(words)
                .contains(server.address().toString()));
    assertThat(server.asked()).noneMatch(line -> line.contains("/sign/"));
  }

  private void assertNotSigned(Class<? extends Exception> type, String... words) {
    assertThatThrownBy(this::sign)
        .isInstanceOf(type)
        .satisfies(e -> assertThat(message((Exception) e)).contains(words));
  }

  // --- what is refused

  @Test
  void saysThatThereIsNoSuchKey() {
    assertThatThrownBy(() -> PROVIDERS.verifyingKey(URI.create("hashivault://other"), context()))
        .isInstanceOf(UnusableTrustException.class)
        .hasMessageContainingAll("answered 404: it has no key 'other' in the engine 'transit'");
  }

  @Test
  void saysThatThereIsNoSuchEngine() {
    server.mount("elsewhere", "");
    assertNotOpened(
        SigningException.class, "has no secrets engine there", "TRANSIT_SECRET_ENGINE_PATH");
  }

  @Test
  void tellsATokenThatHasExpiredFromOneWithoutTheRight() {
    String denied = "{\"errors\":[\"1 error occurred:\\n\\t* permission denied\\n\\n\"]}";
    server.answering("transit/keys/", 403, denied);
    assertNotOpened(
        SigningException.class,
        "the token is valid and its policies lack 'read' on transit/keys/models");
    server.answering("auth/", 403, denied);
    assertNotOpened(
        SigningException.class, "does not know the token: it has expired", "log in again");
  }

  @Test
  void saysThatATokenHasExpiredBetweenOpeningAndSigning() throws Exception {
    try (SigningKey key = PROVIDERS.open(KEY, context())) {
      server.answering("", 403, "{\"errors\":[\"permission denied\"]}");
      assertThatThrownBy(() -> KeySigner.using(key).sign(List.of(PAYLOAD)))
          .isInstanceOf(SigningException.class)
          .hasMessageContaining("does not know the token: it has expired");
    }
  }

  @Test
  void refusesATokenThatMayNotSignBeforeAnythingIsHashed() {
    for (String some : List.of("\"read\",\"list\"", "\"deny\"", "")) {
      server.allow(some);
      assertNotOpened(
          SigningException.class,
          "does not let this token sign with the key 'models'",
          "lack 'update' on transit/sign/models/sha2-256");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "429|{\"errors\":[\"request path rate limit quota exceeded\"]}|throttles requests (answered 429): try again later",
        "503|{\"errors\":[\"Vault is sealed\"]}|is sealed",
        "503|{\"errors\":[\"node not active but active cluster node not found\"]}|answered 503: try again later",
        "500|{\"errors\":[\"internal error\"]}|answered 500: try again later",
        "502|<html>Bad gateway</html>|answered 502: try again later: '<html>Bad gateway",
        "418|<html>Tea</html>|refused with 418: '<html>Tea",
        "400|{\"errors\":[\"hvs.SECRET-of-this-test is odd\"]}|refused with 400"
      })
  void tellsApartWhyThereIsNoAnswer(int status, String text, String words) {
    server.answering("transit/keys/", status, text);
    assertThatThrownBy(() -> PROVIDERS.open(KEY, context()))
        .isInstanceOfAny(IOException.class, SigningException.class)
        .satisfies(e -> assertThat(message((Exception) e)).contains(words));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308})
  void sendsTheTokenToNoOtherAddress(int status) throws Exception {
    try (TestHttpServer other = new TestHttpServer(TestHttpServer.answering(200, "{}"))) {
      String target = other.uri("/v1/transit/keys/models?x=SECRET").toString();
      server.answering("transit/keys/", status, "", "Location: " + target);
      assertNotOpened(
          IOException.class,
          "redirects to " + other.uri("/v1/transit/keys/models") + ", where the token is not sent");
      assertThat(other.connections()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "aes256-gcm96|its type is 'aes256-gcm96'",
        "rsa-4096|its type is 'rsa-4096'",
        "ed25519|its type is 'ed25519'",
        "ecdsa-p224|its type is 'ecdsa-p224'",
        "ml-dsa|its type is 'ml-dsa'",
        "ecdsa-p384|its type is 'ecdsa-p384', and its public key is one for ECDSA P-256",
        "''|its type is ''"
      })
  void refusesKeysOfOtherKinds(String type, String words) {
    describe(type, 1, Map.of("1", TestKeys.pem(keys.publicKey())), "");
    assertNotOpened(SigningException.class, words);
    assertThatThrownBy(() -> PROVIDERS.verifyingKey(KEY, context()))
        .isInstanceOf(UnusableTrustException.class)
        .hasMessageContaining(words);
  }

  private void describe(String type, int latest, Map<String, String> versions, String more) {
    server.answering(
        "transit/keys/",
        TestHttpServer.answering(
            200,
            TransitServer.answerWith(json -> {
              json.string("type", type)
                  .integer("latest_version", latest)
                  .object(
                      "keys",
                      all ->
                          versions.forEach((version, pem) ->
                              all.object(version, one -> one.string("public_key", pem))));
              if (!more.isEmpty()) {
                json.bool(more, more.equals("soft_deleted"));
              }
            })));
  }

  @ParameterizedTest
  @CsvSource({
    "soft_deleted, it was deleted",
    "supports_signing, it does not sign",
  })
  void refusesKeysThatCannotBeUsed(String member, String words) {
    describe("ecdsa-p256", 1, Map.of("1", TestKeys.pem(keys.publicKey())), member);
    assertNotOpened(SigningException.class, words);
  }

  @Test
  void refusesAKeyWithoutItsLatestVersion() {
    describe("ecdsa-p256", 2, Map.of("1", TestKeys.pem(keys.publicKey())), "");
    assertNotOpened(SigningException.class, "its latest version has no public key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no PEM",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
      })
  void refusesAPublicKeyThatIsNone(String pem) {
    describe("ecdsa-p256", 1, Map.of("1", pem), "");
    assertNotOpened(SigningException.class, "has another key", "public key");
  }

  // --- a server that sends the token back

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:1/v1/TOKEN",
        "http://127.0.0.1:1/v1/x?token=TOKEN",
        "http://TOKEN@127.0.0.1:1/v1/x",
        "http://TOKEN:1/v1/x",
        "TOKEN",
        "http://127.0.0.1:1/%54OKEN/ TOKEN"
      })
  void showsNoTokenInTheTargetOfARedirect(String target) {
    String location = "Location: " + target.replace("TOKEN", TransitServer.TOKEN);
    server.answering("transit/keys/", 307, "", location);
    assertNotOpened(IOException.class, "where the token is not sent", "VAULT_ADDR");
    server.answering("transit/keys/", 307, TransitServer.TOKEN, location);
    assertNotOpened(IOException.class, "where the token is not sent");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TOKEN",
        "<html>TOKEN</html>",
        "{\"errors\":[\"TOKEN\"]}",
        "{\"errors\":[\"\\u0068vs.SECRET-of-this-test\"]}",
        "{\"TOKEN\":1}",
        "{\"data\":{\"TOKEN\":1,\"TOKEN\":1}}",
        "{\"data\":\"TOKEN\"}",
        "{\"data\":{\"type\":\"TOKEN\"}}",
        "{\"data\":{\"type\":\"ecdsa-p256\",\"latest_version\":1,\"keys\":{\"1\":{\"public_key\":\"TOKEN\"}}}}",
        "{\"data\":{\"type\":\"ecdsa-p256\",\"latest_version\":1,\"keys\":{\"1\":{\"public_key\":"
            + "\"-----BEGIN TOKEN-----\\nAAAA\\n-----END TOKEN-----\\n\"}}}}",
        "{\"data\":{\"latest_version\":\"TOKEN\"}}",
        "{\"data\":{\"signature\":\"TOKEN\"}}",
        "{\"data\":{\"signature\":\"vault:v1:TOKEN\"}}"
      })
  void showsNoTokenFromAnAnswer(String text) {
    String answer = text.replace("TOKEN", TransitServer.TOKEN);
    for (int status : List.of(200, 400, 403, 404, 429, 500, 503)) {
      server.answering("transit/sign/", status, answer);
      assertThatThrownBy(this::sign)
          .isInstanceOfAny(IOException.class, SigningException.class)
          .satisfies(e -> assertThat(message((Exception) e)).contains("Vault"));
    }
    for (int status : List.of(200, 400, 403, 404, 429, 500, 503)) {
      server.answering("transit/keys/", status, answer);
      assertThatThrownBy(() -> PROVIDERS.open(KEY, context()))
          .isInstanceOfAny(IOException.class, SigningException.class)
          .satisfies(e -> assertThat(message((Exception) e)).contains("Vault"));
      assertThatThrownBy(() -> PROVIDERS.verifyingKey(KEY, context()))
          .isInstanceOfAny(IOException.class, UnusableTrustException.class)
          .satisfies(e -> assertThat(message((Exception) e)).contains("Vault"));
    }
  }

  // --- what is not an answer

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html><title>Sign in</title></html>",
        "",
        "{}",
        "[]",
        "{\"data\":null}",
        "{\"data\":{\"type\":1}}",
        "{\"data\":{\"type\":\"ecdsa-p256\",\"type\":\"ecdsa-p256\"}}",
        "{\"data\":{\"latest_version\":0}}",
        "{\"data\":{\"latest_version\":1e9999}}",
        "{\"data\":{}} trailing",
        "{\"data\":{\"keys\":{\"1\":{\"public_key\":"
      })
  void refusesAnAnswerThatIsNone(String text) {
    server.answering("transit/keys/", 200, text);
    assertNotOpened(IOException.class, "answered with something else than expected");
  }

  @Test
  void takesNoLongerThanTheTimeOut() {
    server.answering("transit/keys/", TestHttpServer.silent());
    assertNotOpened(IOException.class, "did not answer within");
    server.answering("transit/keys/", TestHttpServer.dripping());
    assertNotOpened(IOException.class, "did not answer within");
  }

  @Test
  void readsNoAnswerWithoutEnd() {
    server.answering("transit/keys/", TestHttpServer.endless(200));
    assertNotOpened(IOException.class, "Vault at ");
    server.answering("transit/keys/", TestHttpServer.endlessHeaders());
    assertNotOpened(IOException.class, "Vault at ");
  }

  @Test
  void saysThatNobodyAnswers() throws Exception {
    server.close();
    assertNotOpened(IOException.class, "cannot be reached");
  }

  // --- signatures

  private void signing(String signature) {
    server.answering(
        "transit/sign/",
        TestHttpServer.answering(
            200, TransitServer.answerWith(json -> json.string("signature", signature))));
  }

  private static String signature(TestKeys by, String text) throws Exception {
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(by.privateKey());
    signature.update(text.getBytes(StandardCharsets.UTF_8));
    return Base64.getEncoder().encodeToString(signature.sign());
  }

  @Test
  void refusesASignatureOverSomethingElse() throws Exception {
    signing("vault:v1:" + signature(keys, "something else"));
    assertNotSigned(
        SigningException.class,
        "does not verify",
        "the key 'models' of Vault",
        "nothing was signed");
  }

  @Test
  void refusesASignatureByAnotherKey() throws Exception {
    String message = new String(PAYLOAD.pae().toArray(), StandardCharsets.UTF_8);
    signing("vault:v1:" + signature(keys, message));
    sign();
    signing("vault:v1:" + signature(TestKeys.generate(), message));
    assertNotSigned(SigningException.class, "does not verify");
  }

  @Test
  void refusesASignatureByAnotherVersion() throws Exception {
    String message = new String(PAYLOAD.pae().toArray(), StandardCharsets.UTF_8);
    signing("vault:v2:" + signature(keys, message));
    assertNotSigned(
        SigningException.class, "signed with version 2 of the key, expected version 1", "rotated");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "vault:v1:",
        "vault:v1:A",
        "vault:vx:AAAA",
        "AAAA",
        "vault:v1:AAAA\n",
        "bao:v1:AAAA"
      })
  void refusesASignatureInAnotherForm(String signature) {
    signing(signature);
    assertNotSigned(SigningException.class, "did not sign");
  }

  @Test
  void saysThatAVersionIsNoLongerAllowed() {
    server.answering(
        "transit/sign/",
        400,
        "{\"errors\":[\"cannot sign: version is too old (disallowed by policy)\"]}");
    assertNotSigned(SigningException.class, "refused with 400", "version is too old");
  }
}
