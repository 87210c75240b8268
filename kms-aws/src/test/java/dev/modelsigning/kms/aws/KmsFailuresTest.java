package dev.modelsigning.kms.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.KeyProviders;
import dev.modelsigning.signingkey.SigningKey;
import dev.modelsigning.testing.TestHttpServer;
import dev.modelsigning.testing.TestHttpServer.Answers;
import dev.modelsigning.testing.TestHttpServer.Received;
import dev.modelsigning.testing.TestKeys;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Services that refuse, are slow, lie, or are something else: a server that answers each operation
 * as AWS KMS does, unless a test has another answer.
 */
@Timeout(60)
class KmsFailuresTest {

  private static final KeyProviders PROVIDERS = KeyProviders.installed();
  private static final Payload PAYLOAD =
      Payload.inToto(Bytes.of("{}".getBytes(StandardCharsets.UTF_8)));
  private static final String ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
  private static final String ARN = "arn:aws:kms:eu-central-1:111122223333:key/" + ID;
  private static final String[] SECRETS = {"AKIAHIDDEN", "HIDDEN-secret", "HIDDEN-token"};

  private final TestKeys keys = TestKeys.generate();
  private final Map<String, Answers> answers = new ConcurrentHashMap<>();
  private TestHttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = new TestHttpServer(this::answer);
    answers.put("GetPublicKey", publicKey("ECC_NIST_P256", "SIGN_VERIFY", "ECDSA_SHA_256", keys));
    answers.put("DescribeKey", state("Enabled"));
    answers.put("Sign", refusing(400, "DryRunOperationException", "it would have succeeded"));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private static String operation(Received request) {
    return request.headers().getOrDefault("X-Amz-Target", "").replace("TrentService.", "");
  }

  private void answer(Received request, int number, OutputStream connection)
      throws IOException, InterruptedException {
    answers.get(operation(request)).to(request, number, connection);
  }

  private static Answers json(int status, JsonWriter.Content content) {
    return TestHttpServer.answering(
        status, JsonWriter.document(content), "Content-Type: application/x-amz-json-1.1");
  }

  private static Answers refusing(int status, String code, String message) {
    return json(status, json -> json.string("__type", code).string("message", message));
  }

  private static Answers publicKey(String spec, String usage, String algorithm, TestKeys keys) {
    return json(
        200,
        json ->
            json.string("KeyId", ARN)
                .string("KeySpec", spec)
                .string("KeyUsage", usage)
                .array("SigningAlgorithms", all -> all.string(algorithm))
                .string(
                    "PublicKey",
                    Base64.getEncoder().encodeToString(keys.publicKey().getEncoded())));
  }

  private static Answers state(String state) {
    return json(
        200,
        json ->
            json.object(
                "KeyMetadata",
                fields ->
                    fields
                        .string("KeyId", ID)
                        .bool("Enabled", state.equals("Enabled"))
                        .string("KeyState", state)));
  }

  /** A signature over what is asked; a dry run is one. */
  private Answers signing(TestKeys by, byte[] over) {
    return (request, number, connection) -> {
      if (new String(request.content(), StandardCharsets.UTF_8).contains("\"DryRun\":true")) {
        refusing(400, "DryRunOperationException", "").to(request, number, connection);
        return;
      }
      String text;
      try {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(by.privateKey());
        signature.update(over);
        text = Base64.getEncoder().encodeToString(signature.sign());
      } catch (java.security.GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
      json(200, json -> json.string("KeyId", ARN).string("Signature", text))
          .to(request, number, connection);
    };
  }

  private Map<String, String> environment() {
    return Map.of(
        "AWS_ACCESS_KEY_ID",
        SECRETS[0],
        "AWS_SECRET_ACCESS_KEY",
        SECRETS[1],
        "AWS_SESSION_TOKEN",
        SECRETS[2],
        "AWS_REGION",
        "eu-central-1");
  }

  private KeyContext context() {
    return KeyContext.withDefaults()
        .withEnvironment(environment())
        .withTimeout(Duration.ofSeconds(3));
  }

  private URI uri() {
    return URI.create("awskms://127.0.0.1:" + server.port() + "/alias/models");
  }

  private List<String> asked() {
    return server.requests().stream().map(KmsFailuresTest::operation).toList();
  }

  /** What is said of a failure, without secrets in any of its causes. */
  private static String message(Throwable e) {
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain(SECRETS);
    return String.valueOf(e.getMessage());
  }

  private void assertNotOpened(Class<? extends Exception> type, String... words) {
    assertThatThrownBy(() -> PROVIDERS.open(uri(), context()))
        .isInstanceOf(type)
        .satisfies(
            e -> assertThat(message(e)).contains(words).contains("AWS KMS at " + server.uri("")));
  }

  private SigningKey open() throws Exception {
    return PROVIDERS.open(uri(), context());
  }

  // --- what is asked

  @Test
  void checksKeyStateAndRightBeforeAnythingIsHashed() throws Exception {
    open().close();
    assertThat(asked()).containsExactly("GetPublicKey", "DescribeKey", "Sign");
    assertThat(new String(server.requests().get(2).content(), StandardCharsets.UTF_8))
        .contains("\"DryRun\":true", "\"MessageType\":\"DIGEST\"", ARN)
        .contains("\"SigningAlgorithm\":\"ECDSA_SHA_256\"");
  }

  @Test
  void readsAPublicKeyWithoutAnyOtherRight() throws Exception {
    answers.put("DescribeKey", refusing(400, "AccessDeniedException", "no"));
    answers.put("Sign", refusing(400, "AccessDeniedException", "no"));
    assertThat(PROVIDERS.verifyingKey(uri(), context()).fingerprint())
        .isEqualTo(TestKeys.fingerprint(keys.publicKey()));
    assertThat(asked()).containsExactly("GetPublicKey");
  }

  @Test
  void goesOnWhereTheStateMayNotBeRead() throws Exception {
    answers.put("DescribeKey", refusing(400, "AccessDeniedException", "no"));
    open().close();
    assertThat(asked()).containsExactly("GetPublicKey", "DescribeKey", "Sign");
  }

  @Test
  void signsWithTheKeyThatWasOpened() throws Exception {
    answers.put("Sign", signing(keys, PAYLOAD.pae().toArray()));
    try (SigningKey key = open()) {
      assertThat(KeySigner.using(key).sign(List.of(PAYLOAD))).hasSize(1);
    }
    String last =
        new String(
            server.requests().get(server.requests().size() - 1).content(), StandardCharsets.UTF_8);
    assertThat(last)
        .contains(ARN)
        .contains(
            Base64.getEncoder().encodeToString(EcdsaScheme.P256.digest(PAYLOAD.pae()).toArray()));
  }

  // --- what is refused

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400|ExpiredTokenException|the credentials have expired",
        "400|UnrecognizedClientException|does not know the credentials",
        "403|InvalidSignatureException|does not know the credentials",
        "400|AccessDeniedException|denied the permission: the credentials are valid and lack kms:GetPublicKey",
        "400|NotFoundException|has no key 'alias/models' in the region eu-central-1",
        "400|DisabledException|it is disabled; enable it",
        "400|KMSInvalidStateException|cancel its deletion, or use another key",
        "400|UnsupportedOperationException|has another kind of key",
        "400|InvalidArnException|does not take the name",
        "400|SomethingNewException|refused with 400 SomethingNewException: 'words'"
      })
  void tellsApartWhatIsRefused(int status, String code, String words) {
    answers.put("GetPublicKey", refusing(status, code, "words"));
    assertNotOpened(SigningException.class, words);
    assertThatThrownBy(() -> PROVIDERS.verifyingKey(uri(), context()))
        .isInstanceOf(UnusableTrustException.class)
        .satisfies(e -> assertThat(message(e)).contains(words));
    assertThat(asked()).containsOnly("GetPublicKey");
  }

  /** AWS itself sends the token back where a signature does not match. */
  @Test
  void showsNoTokenThatTheServiceSendsBack() {
    answers.put("GetPublicKey", refusing(400, "ValidationException", "a token HIDDEN-token came"));
    assertNotOpened(SigningException.class, "refused with 400 ValidationException", "a token ");
    answers.put("GetPublicKey", publicKey("HIDDEN-token", "HIDDEN-token", "HIDDEN-token", keys));
    assertNotOpened(SigningException.class, "has another key", "expected one for SIGN_VERIFY");
    answers.put("GetPublicKey", publicKey("HIDDEN-token", "SIGN_VERIFY", "HIDDEN-token", keys));
    assertNotOpened(SigningException.class, "has another key", "its kind is ");
  }

  @Test
  void triesAgainWhileItIsThrottled() throws Exception {
    Answers good = answers.get("GetPublicKey");
    answers.put(
        "GetPublicKey",
        (request, number, connection) ->
            (number < 2 ? refusing(400, "ThrottlingException", "Rate exceeded") : good)
                .to(request, number, connection));
    assertThat(PROVIDERS.verifyingKey(uri(), context())).isNotNull();
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void saysThatItIsThrottled() {
    answers.put("GetPublicKey", refusing(400, "ThrottlingException", "Rate exceeded"));
    assertThatThrownBy(() -> PROVIDERS.open(uri(), context().withTimeout(Duration.ofSeconds(20))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("throttles requests (400 ThrottlingException): try again later");
  }

  @Test
  void saysThatItMayNotSignBeforeAnythingIsHashed() {
    answers.put(
        "Sign", refusing(400, "AccessDeniedException", "User: arn:aws:iam::1:user/x is not"));
    assertNotOpened(SigningException.class, "lack kms:Sign", "User: arn:aws:iam::1:user/x is not");
  }

  @Test
  void saysThatCredentialsHaveExpiredBetweenOpeningAndSigning() throws Exception {
    try (SigningKey key = open()) {
      answers.put(
          "Sign", refusing(400, "ExpiredTokenException", "The security token HIDDEN-token"));
      assertThatThrownBy(() -> KeySigner.using(key).sign(List.of(PAYLOAD)))
          .isInstanceOf(SigningException.class)
          .satisfies(e -> assertThat(message(e)).contains("the credentials have expired"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "PendingDeletion|is going to be deleted",
        "Disabled|'Disabled'; enable it",
        "Unavailable|'Unavailable'; enable it"
      })
  void refusesAKeyInAnotherState(String state, String words) {
    answers.put("DescribeKey", state(state));
    assertNotOpened(SigningException.class, words);
    assertThat(asked()).doesNotContain("Sign");
  }

  @ParameterizedTest
  @CsvSource({
    "RSA_4096, SIGN_VERIFY, RSASSA_PSS_SHA_256, its kind is 'RSA_4096'",
    "ECC_SECG_P256K1, SIGN_VERIFY, ECDSA_SHA_256, its kind is 'ECC_SECG_P256K1'",
    "ML_DSA_65, SIGN_VERIFY, ML_DSA_SHAKE_256, its kind is 'ML_DSA_65'",
    "ECC_NIST_P256, KEY_AGREEMENT, ECDSA_SHA_256, it is one for 'KEY_AGREEMENT'",
    "HMAC_256, GENERATE_VERIFY_MAC, HMAC_SHA_256, it is one for 'GENERATE_VERIFY_MAC'",
    "ECC_NIST_P256, SIGN_VERIFY, ECDSA_SHA_384, expected one that signs with ECDSA_SHA_256",
    "ECC_NIST_P384, SIGN_VERIFY, ECDSA_SHA_384, its public key is one for ECDSA P-256"
  })
  void refusesKeysOfOtherKinds(String spec, String usage, String algorithm, String words) {
    answers.put("GetPublicKey", publicKey(spec, usage, algorithm, keys));
    assertNotOpened(SigningException.class, "has another key", words);
    assertThat(asked()).containsOnly("GetPublicKey");
  }

  // --- credentials

  /** Asks for a key where only the metadata of an instance could have credentials. */
  private Throwable withoutCredentials(Answers metadata) throws Exception {
    String property = "aws.ec2MetadataServiceEndpoint";
    try (TestHttpServer instance = new TestHttpServer(metadata)) {
      System.setProperty(property, instance.uri("").toString());
      return failure(
          uri().toString(), Map.of("AWS_ACCESS_KEY_ID", "", "AWS_SECRET_ACCESS_KEY", ""));
    } finally {
      System.clearProperty(property);
    }
  }

  @Test
  void saysThatThereAreNoCredentials() throws Exception {
    assertThat(withoutCredentials(TestHttpServer.answering(404, "")))
        .isInstanceOf(SigningException.class)
        .message()
        .doesNotContain("Provider", "SDK", "chain");
    assertThat(withoutCredentials(TestHttpServer.answering(404, "")))
        .isInstanceOf(SigningException.class)
        .hasMessageContainingAll("there are no credentials", "AWS_ACCESS_KEY_ID", "AWS_PROFILE");
    assertThat(server.connections()).isZero();
  }

  @Test
  void waitsForNoInstanceThatNeverAnswers() throws Exception {
    for (Answers slow : List.of(TestHttpServer.silent(), TestHttpServer.drippingHeaders())) {
      long start = System.nanoTime();
      assertThat(withoutCredentials(slow))
          .isInstanceOfAny(SigningException.class, IOException.class)
          .hasMessageContainingAll("credentials", "AWS_ACCESS_KEY_ID");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }
    assertThat(server.connections()).isZero();
  }

  // --- what is not an answer

  @ParameterizedTest
  @ValueSource(strings = {"<html>Sign in</html>", "{", "[]", "", "{\"KeyId\":"})
  void refusesAnAnswerThatIsNone(String text) {
    answers.put("GetPublicKey", TestHttpServer.answering(200, text, "Content-Type: text/html"));
    assertThatThrownBy(() -> PROVIDERS.open(uri(), context()))
        .isInstanceOfAny(IOException.class, SigningException.class)
        .satisfies(e -> assertThat(message(e)).contains("AWS KMS at " + server.uri("")));
    assertThat(asked()).doesNotContain("Sign");
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 500, 502, 503})
  void saysThatAPageCame(int status) {
    answers.put("GetPublicKey", TestHttpServer.answering(status, "<html>HIDDEN-token</html>"));
    assertNotOpened(IOException.class, "answered " + status, "try again later");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308})
  void followsNoRedirect(int status) throws Exception {
    try (TestHttpServer other = new TestHttpServer(TestHttpServer.answering(200, "{}"))) {
      answers.put(
          "GetPublicKey", TestHttpServer.answering(status, "", "Location: " + other.uri("/")));
      assertNotOpened(IOException.class, "redirects to another address, which is not asked");
      assertThat(other.connections()).isZero();
    }
  }

  @Test
  void takesNoLongerThanTheTimeOut() {
    for (Answers slow : List.of(TestHttpServer.silent(), TestHttpServer.dripping())) {
      answers.put("GetPublicKey", slow);
      long start = System.nanoTime();
      assertNotOpened(IOException.class, "did not answer");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void readsNoAnswerWithoutEnd() {
    answers.put("GetPublicKey", TestHttpServer.endless(200));
    assertNotOpened(IOException.class, "AWS KMS at ");
  }

  @Test
  void saysThatNobodyAnswers() throws Exception {
    server.close();
    assertThatThrownBy(() -> PROVIDERS.open(uri(), context().withTimeout(Duration.ofSeconds(20))))
        .isInstanceOf(IOException.class)
        .satisfies(e -> assertThat(message(e)).contains("cannot be reached"));
  }

  // --- signatures

  @Test
  void refusesASignatureOverSomethingElseOrByAnotherKey() throws Exception {
    for (Answers wrong :
        List.of(
            signing(keys, "something else".getBytes(StandardCharsets.UTF_8)),
            signing(TestKeys.generate(), PAYLOAD.pae().toArray()))) {
      answers.put("Sign", wrong);
      try (SigningKey key = open()) {
        assertThatThrownBy(() -> KeySigner.using(key).sign(List.of(PAYLOAD)))
            .isInstanceOf(SigningException.class)
            .hasMessageContainingAll("does not verify", "the key 'alias/models' of AWS KMS");
      }
    }
  }

  // --- settings

  private Throwable failure(String uri, Map<String, String> changes) {
    Map<String, String> environment = new HashMap<>(environment());
    environment.putAll(changes);
    KeyContext context = context().withEnvironment(environment);
    try {
      PROVIDERS.open(URI.create(uri), context).close();
    } catch (Exception e) {
      message(e);
      return e;
    }
    throw new AssertionError("opened " + uri);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AWS_ENDPOINT_URL|http://kms.example|http to another machine",
        "AWS_ENDPOINT_URL_KMS|https://user:HIDDEN-token@kms.example|more than a host and a port",
        "AWS_ENDPOINT_URL_KMS|https://kms.example/?HIDDEN-token|more than a host and a port",
        "AWS_ENDPOINT_URL_KMS|https://kms.example/HIDDEN-token|more than a host and a port",
        "AWS_ENDPOINT_URL_KMS|ftp://kms.example|begins neither with https:// nor with http://",
        "AWS_ENDPOINT_URL_KMS|https://HIDDEN-token example|damaged at character",
        "AWS_REGION|evil.example/#|expected a region such as eu-central-1",
        "AWS_REGION|EU|expected a region such as eu-central-1"
      })
  void refusesSettingsThatItCannotUse(String name, String value, String words) {
    assertThat(failure("awskms:///alias/models", Map.of(name, value)))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining(words);
  }

  @Test
  void asksTheEndpointOfTheEnvironmentAndNamesIt() throws Exception {
    Map<String, String> environment = new HashMap<>(environment());
    environment.put("AWS_ENDPOINT_URL", "https://nobody.invalid");
    environment.put("AWS_ENDPOINT_URL_KMS", server.uri("").toString());
    KeyContext context = context().withEnvironment(environment);
    assertThat(PROVIDERS.verifyingKey(URI.create("awskms:///alias/models"), context).service())
        .contains(server.uri("").toString());
  }

  @ParameterizedTest
  @CsvSource({
    "awskms:///alias/models, https://kms.eu-central-1.amazonaws.com",
    "awskms:///arn:aws:kms:us-east-2:111122223333:alias/models, https://kms.us-east-2.amazonaws.com",
    "awskms:///arn:aws-cn:kms:cn-north-1:111122223333:alias/models, https://kms.cn-north-1.amazonaws.com.cn",
    "awskms://kms.example/alias/models, https://kms.example",
    "awskms://localhost:4566/alias/models, http://localhost:4566",
    "awskms://[::1]:4566/alias/models, http://[::1]:4566",
    "awskms://localhost.example:4566/alias/models, https://localhost.example:4566"
  })
  void determinesTheServerByTheUri(String uri, String server) throws Exception {
    assertThat(new AwsKeyProvider().service(URI.create(uri), context()))
        .contains(URI.create(server));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "awskms://user:HIDDEN-token@localhost/alias/models",
        "awskms:///alias/models?HIDDEN-token",
        "awskms:///alias/models#HIDDEN-token",
        "awskms:///alias/../HIDDEN-token",
        "awskms:///alias/HIDDEN-token%0a",
        "awskms:///HIDDEN-token",
        "awskms:///arn:aws:s3:::HIDDEN-token",
        "awskms:///arn:aws:kms:evil.example/x:111122223333:alias/models",
        "awskms:///",
        "awskms://HIDDEN-token",
        "awskms:alias/models"
      })
  void refusesUrisWithAnythingButAKey(String uri) {
    assertThat(failure(uri, Map.of()))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("expected awskms:///KEY or awskms://ENDPOINT/KEY");
    assertThat(server.connections()).isZero();
  }
}
