package dev.modelsigning.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.certificate.CertificateVerifier;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.pkcs11.internal.cryptoki.Cryptoki;
import dev.modelsigning.pkcs11.internal.cryptoki.CryptokiException;
import dev.modelsigning.pkcs11.internal.token.TokenAccess;
import dev.modelsigning.pkcs11.internal.uri.PercentEncoding;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.SecretSource;
import dev.modelsigning.signingkey.VerifyingKey;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Behaviour of tokens that SoftHSM does not show, and its consequences. */
class TokenFailuresTest {

  private static final String URI = "pkcs11:token=fake;object=models";

  @TempDir private Path directory;

  private final TestKeys keys = TestKeys.generate();
  private final FakeCryptoki token = new FakeCryptoki();
  private final List<String> warnings = new ArrayList<>();
  private Path model;
  private Path signature;

  @BeforeEach
  void writeModel() throws Exception {
    model = Models.write(directory.resolve("model"), "a", "alpha");
    signature = directory.resolve("model.sig");
  }

  private TokenAccess access() {
    return access(request -> FakeCryptoki.PIN.toCharArray());
  }

  private TokenAccess access(SecretSource pins) {
    return token.access(pins, warnings::add);
  }

  private TokenSigner open(String uri) throws Exception {
    return TokenSigner.open(Pkcs11Uri.parse(uri), access());
  }

  private void sign() throws Exception {
    try (TokenSigner signer = open(URI)) {
      ModelSigner.using(signer).sign(model, signature);
    }
  }

  private void signAndVerify(TestKeys expected) throws Exception {
    sign();
    ModelVerifier.using(KeyVerifier.using(expected.publicKey())).verify(model, signature);
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefuses(String... parts) {
    AbstractThrowableAssert<?, ? extends Throwable> refused =
        assertThatThrownBy(this::sign)
            .isInstanceOf(SigningException.class)
            .hasMessageContainingAll(parts);
    assertThat(signature).doesNotExist();
    return refused;
  }

  // --- PIN

  @Test
  void tellsThatThePinIsLockedWithoutTryingIt() {
    token.withPair(keys, 1, "models").flags(Cryptoki.CKF_USER_PIN_LOCKED);
    assertRefuses("the PIN of the token 'fake' is locked", "security officer");
    assertThat(token.calls).noneMatch(call -> call.startsWith("C_Login"));
  }

  @Test
  void warnsBeforeTheLastTry() throws Exception {
    token.withPair(keys, 1, "models").flags(Cryptoki.CKF_USER_PIN_FINAL_TRY);
    signAndVerify(keys);
    assertThat(warnings)
        .containsExactly("one try is left for the PIN of the token 'fake'; a wrong PIN locks it");
  }

  @Test
  void leavesThePinToThePinPad() throws Exception {
    token.withPair(keys, 1, "models").flags(Cryptoki.CKF_PROTECTED_AUTHENTICATION_PATH);
    signAndVerify(keys);
    assertThat(token.calls).contains("C_Login 1 no PIN");
    assertThat(warnings).containsExactly("enter the PIN at the reader of the token 'fake'");
  }

  @Test
  void logsInToNoTokenThatDoesNotWantIt() throws Exception {
    token.withPair(keys, 1, "models").flags = Cryptoki.CKF_TOKEN_INITIALIZED;
    signAndVerify(keys);
    assertThat(token.calls).noneMatch(call -> call.startsWith("C_Login"));
  }

  @Test
  void signsWhereTheProcessHasLoggedInAlready() throws Exception {
    token
        .withPair(keys, 1, "models")
        .failing("C_Login", CryptokiException.CKR_USER_ALREADY_LOGGED_IN);
    signAndVerify(keys);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a0  | wrong PIN for the token 'fake'; it is not tried again
          a1  | takes no PIN of this length or with these characters (CKR_PIN_INVALID)
          a2  | takes no PIN of this length or with these characters (CKR_PIN_LEN_RANGE)
          a3  | the PIN of the token 'fake' has expired; change it
          a4  | the PIN of the token 'fake' is locked after too many wrong ones
          102 | the token 'fake' has no PIN yet; set one
          50  | entering the PIN of the token 'fake' was cancelled
          104 | somebody else is logged in to the token 'fake'
          30  | logging in to the token 'fake' failed: C_Login returned CKR_DEVICE_ERROR
          80000001 | logging in to the token 'fake' failed: C_Login returned 0x80000001
          """)
  void explainsWhyALoginFailedAndTriesItOnce(String code, String message) {
    token.withPair(keys, 1, "models").failing("C_Login", Long.parseLong(code, 16));
    assertRefuses(message).hasMessageNotContaining(FakeCryptoki.PIN);
    assertThat(token.calls.stream().filter(call -> call.equals("C_Login"))).hasSize(1);
    assertThat(token.calls).last().isEqualTo("C_CloseSession");
  }

  @Test
  void wipesThePinThatItWasGiven() throws Exception {
    token.withPair(keys, 1, "models");
    char[] pin = FakeCryptoki.PIN.toCharArray();
    try (TokenSigner signer = TokenSigner.open(Pkcs11Uri.parse(URI), access(request -> pin))) {
      assertThat(pin).containsOnly('\0');
      assertThat(signer.identity().toString()).doesNotContain(FakeCryptoki.PIN);
    }
  }

  @Test
  void saysHowToGiveAPin() {
    token.withPair(keys, 1, "models");
    assertThatThrownBy(() -> TokenSigner.open(Pkcs11Uri.parse(URI), access(SecretSource.NONE)))
        .isInstanceOf(SigningException.class)
        .hasMessageContainingAll("the token 'fake' wants a PIN", "pin-source=file:");
  }

  // --- always authenticate

  @Test
  void authenticatesForEverySignature() throws Exception {
    token
        .withPublicKey(keys, 1, "models")
        .withPrivateKey(keys, 1, "models")
        .attribute(Cryptoki.CKA_ALWAYS_AUTHENTICATE, Bytes.of(new byte[] {1}));
    signAndVerify(keys);
    assertThat(token.calls)
        .containsSubsequence("C_Login 1 1234", "C_SignInit", "C_Login 2 1234", "C_Sign");
  }

  // --- the key

  @Test
  void findsTheKeyBeforeItHashesTheModel() {
    Path missing = directory.resolve("missing");
    assertThatThrownBy(
            () -> {
              try (TokenSigner signer = open(URI)) {
                ModelSigner.using(signer).sign(missing, signature);
              }
            })
        .isInstanceOf(SigningException.class)
        .hasMessageContainingAll("no private key on the token 'fake' matches", "shows no private");
  }

  @Test
  void wantsToKnowWhichKey() {
    token.withPair(keys, 1, "models");
    assertThatThrownBy(() -> open("pkcs11:token=fake"))
        .isInstanceOf(SigningException.class)
        .hasMessage(
            "the PKCS #11 URI pkcs11:token=fake names no key, expected object=LABEL or id=%XX in"
                + " it; expected one of pkcs11:token=fake;serial=0001;object=models;id=%01");
  }

  @Test
  void saysThatKeysAreAlikeRatherThanAdviseOneOfThem() {
    token.withPair(keys, 4, "models").withPair(TestKeys.generate(), 4, "models");
    assertRefuses(
            "2 keys match the PKCS #11 URI pkcs11:token=fake;object=models, expected one",
            "2 keys are all pkcs11:token=fake;serial=0001;object=models;id=%04",
            "no URI can tell apart",
            "CKA_ID")
        .hasMessageNotContaining("use one of");
    token.withPair(TestKeys.generate(), 5, "models");
    assertRefuses(
        "3 keys match", "use one of pkcs11:token=fake;serial=0001;object=models;id=%05; 2 keys");
  }

  @Test
  void listsTheCandidatesIfSeveralKeysMatch() throws Exception {
    token.withPair(keys, 4, "models").withPair(TestKeys.generate(), 5, "models");
    assertRefuses(
        "2 keys match the PKCS #11 URI pkcs11:token=fake;object=models, expected one",
        "pkcs11:token=fake;serial=0001;object=models;id=%04",
        "pkcs11:token=fake;serial=0001;object=models;id=%05");
    open("pkcs11:object=models;id=%05").close();
    assertThatThrownBy(() -> open("pkcs11:object=other;id=%05"))
        .hasMessageContaining("no private key");
  }

  @Test
  void listsTheCandidatesIfSeveralTokensMatch() throws Exception {
    token
        .withPair(keys, 1, "models")
        .withToken("fake", "Model 2", "0002", Cryptoki.CKF_TOKEN_INITIALIZED);
    assertRefuses(
        "2 tokens match the PKCS #11 URI",
        "pkcs11:token=fake;serial=0001;slot-id=7",
        "pkcs11:token=fake;serial=0002;slot-id=8");
    for (String one :
        List.of(
            "serial=0001",
            "model=Model%201",
            "slot-id=7",
            "slot-description=Reader%207;slot-manufacturer=Slot%20maker",
            "serial=0001;library-description=Fake%20library;library-version=2.40")) {
      open("pkcs11:token=fake;object=models;" + one).close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "token=other, no token matches",
    "serial=0003, no token matches",
    "manufacturer=Other, no token matches",
    "model=Other, no token matches",
    "slot-id=9, no token matches",
    "slot-description=Other, no token matches",
    "slot-manufacturer=Other, no token matches",
    "library-manufacturer=Other, the PKCS #11 module is another",
    "library-description=Other, the PKCS #11 module is another",
    "library-version=2.41, the PKCS #11 module is another"
  })
  void requiresEveryAttributeToMatch(String attribute, String message) {
    token.withPair(keys, 1, "models");
    assertThatThrownBy(() -> open("pkcs11:object=models;" + attribute))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining(message);
  }

  @Test
  void passesOverTokensThatAreNotInitialised() {
    token.flags = 0;
    assertRefuses("no token matches", "the module sees no token, insert it");
  }

  @Test
  void refusesKeysThatCannotSignModels() {
    token.withPair(keys, 1, "models");
    token.withPrivateKey(keys, 2, "rsa").attribute(Cryptoki.CKA_KEY_TYPE, FakeCryptoki.number(0));
    token.withPrivateKey(keys, 3, "gost").attribute(Cryptoki.CKA_KEY_TYPE, FakeCryptoki.number(48));
    token
        .withPrivateKey(keys, 4, "koblitz")
        .attribute(Cryptoki.CKA_EC_PARAMS, Bytes.of(HexFormat.of().parseHex("06052b8104000a")));
    token.withPrivateKey(keys, 5, "odd").attribute(Cryptoki.CKA_EC_PARAMS, Bytes.of(new byte[3]));
    token.withPrivateKey(keys, 6, "none").without(Cryptoki.CKA_EC_PARAMS);
    token.withPrivateKey(keys, 7, "wrap").attribute(Cryptoki.CKA_SIGN, Bytes.of(new byte[1]));
    assertKeyRefused("rsa", "expected an elliptic-curve key", "a key for RSA (OMS 4.2)");
    assertKeyRefused("gost", "expected an elliptic-curve key", "a key of another type");
    assertKeyRefused("koblitz", "expected an elliptic-curve key", "curve secp256k1");
    assertKeyRefused("odd", "the name of its curve is damaged");
    assertKeyRefused("none", "this key names no curve");
    assertKeyRefused("wrap", "expected a key that may sign, its CKA_SIGN is false");
  }

  private void assertKeyRefused(String label, String... parts) {
    assertThatThrownBy(() -> open("pkcs11:object=" + label))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("object=" + label)
        .hasMessageContainingAll(parts);
  }

  // --- the public key

  @Test
  void takesThePublicKeyFromThePrivateOneIfItIsThere() throws Exception {
    token
        .withPrivateKey(keys, 0, "models")
        .attribute(Cryptoki.CKA_EC_POINT, FakeCryptoki.point(keys));
    signAndVerify(keys);
  }

  @Test
  void takesThePublicKeyFromACertificateOnTheToken() throws Exception {
    TestCertificate certificate = TestCertificate.root("CN=Root").signer("CN=Signer");
    TestKeys certified =
        new TestKeys(
            EcdsaScheme.of(certificate.keys().getPublic()),
            certificate.keys().getPrivate(),
            (ECPublicKey) certificate.keys().getPublic());
    token.withPrivateKey(certified, 1, "models").withCertificate(certificate.der(), 1);
    signAndVerify(certified);
  }

  @Test
  void refusesADamagedPublicKey() {
    token
        .withPublicKey(keys, 1, "models")
        .attribute(Cryptoki.CKA_EC_POINT, Bytes.of(new byte[65]))
        .withPrivateKey(keys, 1, "models");
    assertRefuses("the public key is no point of its curve");
  }

  @Test
  void refusesADamagedCertificateOnTheToken() {
    token.withPrivateKey(keys, 1, "models").withCertificate(Bytes.of(new byte[7]), 1);
    assertRefuses("the certificate beside it: a certificate is damaged");
  }

  @Test
  void neverTakesAPublicKeyByItsLabel() {
    token.withPublicKey(TestKeys.generate(), 2, "models").withPrivateKey(keys, 1, "models");
    assertRefuses("the public key that belongs to the private key is not known");
  }

  @Test
  void refusesSeveralPublicKeysOfOneId() {
    token.withPair(keys, 1, "models").withPublicKey(TestKeys.generate(), 1, "models");
    assertRefuses("the token has several public keys of its id, expected one");
  }

  @Test
  void noticesAPublicKeyOfAnotherPair() {
    TestKeys other = TestKeys.generate();
    token.withPublicKey(other, 1, "models").withPrivateKey(keys, 1, "models");
    assertRefuses(
        "the signature does not verify with the public key "
            + TestKeys.fingerprint(other.publicKey()));
  }

  // --- certificates

  private TokenSigner openWith(TestCertificate certificate, TestCertificate... chain)
      throws Exception {
    Path file = TestCertificate.write(directory.resolve("cert.pem"), certificate);
    Path above = TestCertificate.write(directory.resolve("chain.pem"), chain);
    return TokenSigner.openWithCertificate(Pkcs11Uri.parse(URI), access(), file, List.of(above));
  }

  private static TestKeys keysOf(TestCertificate certificate) throws Exception {
    return new TestKeys(
        EcdsaScheme.of(certificate.keys().getPublic()),
        certificate.keys().getPrivate(),
        (ECPublicKey) certificate.keys().getPublic());
  }

  @Test
  void signsWithACertificateAndNeedsNoPublicKeyOnTheToken() throws Exception {
    TestCertificate root = TestCertificate.root("CN=Root");
    TestCertificate leaf = root.signer("CN=Signer");
    token.withPrivateKey(keysOf(leaf), 1, "models");
    try (TokenSigner signer = openWith(leaf, root)) {
      assertThat(signer.identity().method()).isEqualTo("certificate");
      ModelSigner.using(signer).sign(model, signature);
    }
    ModelVerifier.using(CertificateVerifier.trusting(List.of(root.certificate())))
        .verify(model, signature);
  }

  @Test
  void asksForNoTrialSignatureIfThePublicKeyIsKnown() throws Exception {
    TestCertificate root = TestCertificate.root("CN=Root");
    TestCertificate leaf = root.signer("CN=Signer");
    token.withPair(keysOf(leaf), 1, "models");
    openWith(leaf, root).close();
    assertThat(token.calls).doesNotContain("C_Sign");
  }

  @Test
  void refusesTheCertificateOfAnotherKeyBeforeTheModelIsHashed() {
    TestCertificate root = TestCertificate.root("CN=Root");
    token.withPrivateKey(keys, 1, "models");
    assertThatThrownBy(() -> openWith(root.signer("CN=Signer"), root))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("the private key is not the one of the certificate 'CN=Signer'");
    token.withPublicKey(keys, 1, "models");
    assertThatThrownBy(() -> openWith(root.signer("CN=Signer"), root))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("the private key is not the one of the certificate 'CN=Signer'");
  }

  // --- signing

  @ParameterizedTest
  @CsvSource({"0,1044", "1,1045", "2,1046"})
  void letsTheTokenHashWhereItSignsNoHashes(int curve, String number) throws Exception {
    TestKeys pair = TestKeys.generate(EcdsaScheme.values().get(curve));
    long mechanism = Long.parseLong(number, 16);
    token.withPair(pair, 1, "models").mechanisms = List.of(mechanism);
    signAndVerify(pair);
    assertThat(token.calls).anyMatch(call -> call.endsWith("by 0x" + number));
  }

  @Test
  void refusesATokenThatCannotSign() {
    token.withPair(keys, 1, "models").mechanisms = List.of();
    assertRefuses("expected a token that signs by CKM_ECDSA or by CKM_ECDSA_SHA256");
  }

  @ParameterizedTest
  @CsvSource({
    "C_SignInit, b3, CKR_SESSION_HANDLE_INVALID",
    "C_SignInit, 101, CKR_USER_NOT_LOGGED_IN",
    "C_Sign, 32, CKR_DEVICE_REMOVED",
    "C_Sign, e0, CKR_TOKEN_NOT_PRESENT"
  })
  void tellsThatTheSessionWasLostWhileTheModelWasHashed(String function, String code, String name) {
    token.withPair(keys, 1, "models").failing(function, Long.parseLong(code, 16));
    assertRefuses(
        "the session with the token 'fake' was lost before it signed",
        function + " returned " + name,
        "nothing was signed");
  }

  @Test
  void tellsWhyATokenDoesNotSign() {
    token.withPair(keys, 1, "models").failing("C_Sign", 0x68);
    assertRefuses("the token 'fake' did not sign: C_Sign returned CKR_KEY_FUNCTION_NOT_PERMITTED");
  }

  @ParameterizedTest
  @CsvSource({"-1, 63", "1, 65", "-64, 0"})
  void refusesASignatureOfAnotherLength(int more, int found) {
    token.withPair(keys, 1, "models").tooLong = more;
    assertRefuses("expected a signature of 64 bytes for P-256, found " + found);
  }

  @Test
  void reportsAModuleThatFails() {
    token.withPair(keys, 1, "models").failing("C_GetSlotList", 5);
    assertRefuses("the tokens cannot be listed: C_GetSlotList returned CKR_GENERAL_ERROR");
    token.failures.clear();
    token.failing("C_OpenSession", 0xB1);
    assertRefuses("the token 'fake' cannot be opened: C_OpenSession returned CKR_SESSION_COUNT");
    token.failures.clear();
    token.failing("C_FindObjects", 0x31);
    assertRefuses("cannot be read: C_FindObjects returned CKR_DEVICE_MEMORY");
  }

  @Test
  void readsThePinFromTheFileThatTheUriNames() throws Exception {
    token.withPair(keys, 1, "models");
    Path pin = directory.resolve("the pin");
    for (String content : List.of("1234", "1234\n", "1234\r\n")) {
      Files.writeString(pin, content);
      for (String source : List.of(pin.toUri().toString(), pin.toString())) {
        String encoded = PercentEncoding.encode(PercentEncoding.utf8(source));
        open(URI + "?pin-source=" + encoded).close();
      }
    }
    Files.writeString(pin, "1234\n\n");
    String path = PercentEncoding.encode(PercentEncoding.utf8(pin.toString()));
    assertThatThrownBy(() -> open(URI + "?pin-source=" + path)).hasMessageContaining("wrong PIN");
    Files.delete(pin);
    assertThatThrownBy(() -> open(URI + "?pin-source=" + path))
        .hasMessageContainingAll(pin.toString(), "no such file, expected one with a PIN");
    assertThatThrownBy(() -> open(URI + "?pin-source=%7Ccat%20pin"))
        .hasMessageContaining("found a command, which is not run");
    assertThatThrownBy(() -> open(URI + "?pin-source=pin"))
        .hasMessageContaining("expected an absolute path");
    assertThatThrownBy(() -> open(URI + "?pin-source=/"))
        .hasMessageContaining("is a directory, expected a file with a PIN");
    assertThatThrownBy(() -> open(URI + "?pin-source=file://host/pin"))
        .hasMessageContaining("expected an absolute path");
    open(URI + "?pin-value=1234").close();
    assertThatThrownBy(() -> open(URI + "?pin-value=98765"))
        .hasMessageContaining("wrong PIN")
        .hasMessageNotContaining("98765");
  }

  // --- listing

  @Test
  void listsWithoutAPinWhatTheTokenShows() throws Exception {
    token
        .withPair(keys, 1, "models")
        .withPrivateKey(keys, 2, "private only")
        .withPrivateKey(keys, 3, "rsa")
        .attribute(Cryptoki.CKA_KEY_TYPE, FakeCryptoki.number(0));
    Pkcs11Uri any = Pkcs11Uri.parse("pkcs11:");
    assertThat(Pkcs11Tokens.list(any, access(), false).get(0).keys())
        .containsExactly(
            new Pkcs11Tokens.Key(
                "pkcs11:token=fake;serial=0001;object=models;id=%01", keys.algorithm(), false));
    Pkcs11Tokens.Token all = Pkcs11Tokens.list(any, access(), true).get(0);
    assertThat(all.keys())
        .extracting(Pkcs11Tokens.Key::uri)
        .containsExactly(
            "pkcs11:token=fake;serial=0001;object=models;id=%01",
            "pkcs11:token=fake;serial=0001;object=private%20only;id=%02");
    assertThat(all.otherKeys()).isEqualTo(1);
    assertThat(Pkcs11Tokens.list(Pkcs11Uri.parse("pkcs11:token=x"), access(), false)).isEmpty();
  }

  private VerifyingKey publicKey(String uri) throws Exception {
    return Pkcs11KeyProvider.publicKey(Pkcs11Uri.parse(uri), access());
  }

  private void assertLoggedIn(boolean expected) {
    assertThat(token.calls.stream().anyMatch(call -> call.startsWith("C_Login")))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pkcs11:id=%01", "pkcs11:object=models", "pkcs11:id=%01;object=models"})
  void readsThePublicKeyThatTheTokenShowsWithoutAPin(String uri) throws Exception {
    token.withPair(keys, 1, "models").withPair(TestKeys.generate(EcdsaScheme.P384), 2, "other");
    assertThat(publicKey(uri)).isEqualTo(TestKeys.verifying(keys.publicKey()));
    assertLoggedIn(false);
  }

  @Test
  void logsInWhereSeveralPublicKeysHaveTheLabelSoThatThePrivateOneTells() throws Exception {
    token.withPair(keys, 1, "models").withPublicKey(TestKeys.generate(), 2, "models");
    assertThat(publicKey("pkcs11:object=models")).isEqualTo(TestKeys.verifying(keys.publicKey()));
    assertLoggedIn(true);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void logsInWhereThePublicKeyIsPrivate(boolean pair) throws Exception {
    if (pair) {
      token.withPrivateKey(keys, 1, "models");
    }
    token
        .withPublicKey(keys, 1, "models")
        .attribute(FakeCryptoki.CKA_PRIVATE, Bytes.of(new byte[] {1}));
    assertThat(publicKey("pkcs11:object=models")).isEqualTo(TestKeys.verifying(keys.publicKey()));
    assertLoggedIn(true);
  }

  @Test
  void saysThatAPublicKeyMayBePrivateWhereThereIsNoPin() {
    token
        .withPublicKey(keys, 1, "models")
        .attribute(FakeCryptoki.CKA_PRIVATE, Bytes.of(new byte[] {1}))
        .withPublicKey(keys, 2, "twins")
        .withPublicKey(keys, 3, "twins");
    TokenAccess none =
        token.access(
            request -> {
              throw new SigningException("there is no PIN");
            },
            warnings::add);
    assertThatThrownBy(
            () -> Pkcs11KeyProvider.publicKey(Pkcs11Uri.parse("pkcs11:object=models"), none))
        .isInstanceOf(SigningException.class)
        .hasMessage(
            "without a PIN, the token 'fake' shows no public key that fits pkcs11:object=models,"
                + " which may be private: there is no PIN");
    assertThatThrownBy(
            () -> Pkcs11KeyProvider.publicKey(Pkcs11Uri.parse("pkcs11:object=twins"), none))
        .hasMessage(
            "without a PIN, the token 'fake' shows 2 public keys that fit pkcs11:object=twins,"
                + " expected one: there is no PIN");
    assertLoggedIn(false);
  }

  @Test
  void takesNoKeyThatTheUriDoesNotName() {
    token.withPair(keys, 1, "models");
    assertThatThrownBy(() -> publicKey("pkcs11:token=fake"))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("names no key, expected object=LABEL or id=%XX");
  }

  @Test
  void saysThatTheTokenHasNoPublicKey() {
    token.withPrivateKey(keys, 2, "alone");
    assertThatThrownBy(() -> publicKey("pkcs11:id=%02"))
        .hasMessageContaining("the token 'fake' has no public key for pkcs11:id=%02");
    assertThatThrownBy(() -> publicKey("pkcs11:id=%03"))
        .hasMessageContaining("no private key on the token 'fake' matches the PKCS #11 URI");
  }
}
