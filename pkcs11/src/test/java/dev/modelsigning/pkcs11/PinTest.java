package dev.modelsigning.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.pkcs11.internal.cryptoki.Cryptoki;
import dev.modelsigning.pkcs11.internal.cryptoki.CryptokiException;
import dev.modelsigning.pkcs11.internal.token.TokenAccess;
import dev.modelsigning.pkcs11.internal.token.TokenKey;
import dev.modelsigning.pkcs11.internal.token.TokenSession;
import dev.modelsigning.pkcs11.internal.uri.PercentEncoding;
import dev.modelsigning.pkcs11.internal.uri.TokenUri;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.testing.TestKeys;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which PINs are tried on a token, and how often: a few wrong tries lock it. */
class PinTest {

  private static final String URI = "pkcs11:token=fake;object=models";

  @TempDir private Path directory;

  private final TestKeys keys = TestKeys.generate();
  private final FakeCryptoki token = new FakeCryptoki().withPair(keys, 1, "models");
  private final List<String> warnings = new ArrayList<>();

  private TokenAccess access(String pin) {
    return token.access(request -> pin.toCharArray(), warnings::add);
  }

  private void refusesBeforeATry(String uri, String pin, String... parts) {
    assertThatThrownBy(() -> TokenSigner.open(Pkcs11Uri.parse(uri), access(pin)))
        .isInstanceOf(SigningException.class)
        .hasMessageContainingAll(parts)
        .hasMessageContaining("not tried");
    assertThat(token.calls).noneMatch(call -> call.startsWith("C_Login"));
  }

  private long tries() {
    return token.calls.stream().filter(call -> call.startsWith("C_Login ")).count();
  }

  private String inFile(byte[] content) throws Exception {
    Path file = Files.write(directory.resolve("pin"), content);
    return URI + "?pin-source=" + PercentEncoding.encode(PercentEncoding.utf8(file.toString()));
  }

  @Test
  void refusesAnEmptyPin() throws Exception {
    refusesBeforeATry(URI, "", "the PIN for the token 'fake' is empty");
    refusesBeforeATry(URI + "?pin-value=", "1234", "the PIN in pin-value", "is empty");
    for (String content : List.of("", "\n", "\r\n")) {
      refusesBeforeATry(
          inFile(content.getBytes(StandardCharsets.UTF_8)),
          "1234",
          directory.resolve("pin") + ": the PIN is empty");
    }
  }

  @Test
  void refusesAPinBehindAByteOrderMark() throws Exception {
    refusesBeforeATry(URI, "\uFEFF1234", "begins with a byte order mark");
    refusesBeforeATry(URI + "?pin-value=%EF%BB%BF1234", "", "begins with a byte order mark");
  }

  @Test
  void passesOverTheByteOrderMarkOfAFileInUtf8() throws Exception {
    String uri = inFile("\uFEFF1234\n".getBytes(StandardCharsets.UTF_8));
    TokenSigner.open(Pkcs11Uri.parse(uri), access("")).close();
    assertThat(tries()).isEqualTo(1);
  }

  @Test
  void refusesAFileInUtf16() throws Exception {
    for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      String uri = inFile("\uFEFF1234".getBytes(charset));
      assertThatThrownBy(() -> TokenSigner.open(Pkcs11Uri.parse(uri), access("")))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("begins with a byte order mark of UTF-16; save it as UTF-8");
      assertThat(tries()).isZero();
    }
  }

  @Test
  void refusesAPinThatCouldNotBeDecoded() {
    refusesBeforeATry(URI, "12\uFFFD34", "characters that cannot be read");
    refusesBeforeATry(URI, "1234\uD800", "characters that cannot be read");
  }

  @Test
  void refusesAPinOfALengthThatTheTokenDoesNotTake() throws Exception {
    token.maxPin = 8;
    token.minPin = 4;
    refusesBeforeATry(URI, "123456789", "is too long, expected at most 8 bytes");
    refusesBeforeATry(URI, "12345\u20AC\u20AC", "is too long"); // eleven bytes
    refusesBeforeATry(URI, "123", "is too short, expected at least 4 bytes");
    TokenSigner.open(Pkcs11Uri.parse(URI), access("1234")).close();
  }

  @ParameterizedTest
  @CsvSource({"0,0", "-1,-1", "0,4", "3,8"})
  void believesNoLengthsThatMakeNoSense(long most, long least) throws Exception {
    token.maxPin = most;
    token.minPin = least;
    TokenSigner.open(Pkcs11Uri.parse(URI), access("1234")).close();
  }

  @Test
  void leavesAPinPadAlone() throws Exception {
    token.flags(Cryptoki.CKF_PROTECTED_AUTHENTICATION_PATH);
    token.minPin = 4;
    token.maxPin = 8;
    TokenSigner.open(Pkcs11Uri.parse(URI), access("")).close();
    assertThat(token.calls).contains("C_Login 1 no PIN");
  }

  @Test
  void warnsIfWrongPinsWereEntered() throws Exception {
    token.flags(Cryptoki.CKF_USER_PIN_COUNT_LOW);
    TokenSigner.open(Pkcs11Uri.parse(URI), access("1234")).close();
    assertThat(warnings)
        .containsExactly(
            "wrong PINs were entered for the token 'fake'; a few more of them lock it");
  }

  // --- one PIN, one token, one try

  private void addToken(String label, String serial) {
    token.withToken(
        label, "Model", serial, Cryptoki.CKF_TOKEN_INITIALIZED | Cryptoki.CKF_LOGIN_REQUIRED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pkcs11:", "pkcs11:manufacturer=Maker", "pkcs11:object=models"})
  void triesAPinOnNoTokenIfSeveralMatch(String uri) throws Exception {
    addToken("other", "0002");
    assertThatThrownBy(() -> Pkcs11Tokens.list(Pkcs11Uri.parse(uri), access("1234"), true))
        .isInstanceOf(SigningException.class)
        .hasMessageContainingAll(
            "2 tokens match",
            "expected one",
            "pkcs11:token=fake;serial=0001;slot-id=7",
            "pkcs11:token=other;serial=0002;slot-id=8");
    assertThat(tries()).isZero();
    assertThat(Pkcs11Tokens.list(Pkcs11Uri.parse(uri), access("1234"), false)).hasSize(2);
    assertThat(tries()).isZero();
    assertThat(Pkcs11Tokens.list(Pkcs11Uri.parse("pkcs11:token=fake"), access("1234"), true))
        .hasSize(1);
    assertThat(tries()).isEqualTo(1);
  }

  @Test
  void triesAPinOnNoTokenIfNoneMatches() {
    assertThatThrownBy(
            () -> Pkcs11Tokens.list(Pkcs11Uri.parse("pkcs11:token=x"), access("1234"), true))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("no token matches");
    assertThat(tries()).isZero();
  }

  @Test
  void triesAPinThatWasRefusedForASignatureOnlyOnce() throws Exception {
    FakeCryptoki always =
        new FakeCryptoki()
            .withPublicKey(keys, 1, "models")
            .withPrivateKey(keys, 1, "models")
            .attribute(Cryptoki.CKA_ALWAYS_AUTHENTICATE, Bytes.of(new byte[] {1}));
    TokenAccess access = access("1234").withCryptoki(always);
    TokenUri uri = TokenUri.parse(URI);
    try (TokenSession session = TokenSession.open(uri, access)) {
      session.logIn(uri, access);
      TokenKey key = session.key(uri, access);
      always.failing("C_Login", CryptokiException.CKR_PIN_INCORRECT);
      Bytes message = Bytes.of(new byte[32]);
      assertThatThrownBy(() -> key.sign(message)).hasMessageContaining("wrong PIN");
      assertThatThrownBy(() -> key.sign(message)).hasMessageContaining("was refused before");
    }
    assertThat(always.calls).filteredOn(call -> call.startsWith("C_Login 2 ")).hasSize(1);
  }

  // --- the end

  @Test
  void warnsOfASessionThatDoesNotEnd() throws Exception {
    token.failing("C_CloseSession", CryptokiException.CKR_GENERAL_ERROR);
    TokenSigner.open(Pkcs11Uri.parse(URI), access("1234")).close();
    assertThat(Pkcs11Tokens.list(Pkcs11Uri.parse("pkcs11:"), access("1234"), false)).hasSize(1);
    assertThat(warnings)
        .hasSize(2)
        .containsOnly(
            "the session with the token 'fake' does not end: C_CloseSession returned"
                + " CKR_GENERAL_ERROR");
  }
}
