package dev.modelsigning.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.VerifyingKey;
import dev.modelsigning.testing.GoldenStatement;
import dev.modelsigning.testing.Models;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The binding and everything above it, on a token in software. */
@WithSoftHsm
class SoftHsmTest {

  private static SoftHsm hsm;

  @TempDir private Path directory;
  private Path model;
  private Path signature;

  /** SoftHSM reads its tokens once in a process, so all are made before it is loaded. */
  @BeforeAll
  static void makeTokens() throws Exception {
    Path configuration = Path.of(System.getenv("SOFTHSM2_CONF"));
    Path tokens = configuration.resolveSibling("tokens");
    if (Files.exists(tokens)) {
      try (var files = Files.walk(tokens)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    Files.createDirectories(configuration.getParent());
    hsm = SoftHsm.at(configuration);
    hsm.token("first token")
        .generate("EC:prime256v1", "01", "p256")
        .generate("EC:secp384r1", "02", "p384")
        .generate("EC:secp521r1", "03", "p521")
        .generate("EC:prime256v1", "04", "twins")
        .generate("EC:prime256v1", "05", "twins")
        .generate("EC:secp256k1", "06", "koblitz")
        .generate("rsa:2048", "07", "rsa")
        .generate("EC:prime256v1", "08", "always", "--always-auth")
        .generate("EC:prime256v1", "09", "no public")
        .deletePublicKey("09");
    hsm.token("second+token").generate("EC:prime256v1", "01", "other");
  }

  @BeforeEach
  void writeModel() throws Exception {
    model = Models.write(directory.resolve("model"), "a", "alpha", "b/c", "gamma");
    signature = directory.resolve("model.sig");
  }

  /** By the module of p11-kit. */
  private static KeyContext withPin() {
    return KeyContext.withDefaults().withSecrets(request -> SoftHsm.PIN.toCharArray());
  }

  private static KeyContext access() {
    return withPin().withOption(Pkcs11KeyProvider.MODULE_PATH, SoftHsm.module().toString());
  }

  private static TokenSigner open(String uri) throws Exception {
    return TokenSigner.open(Pkcs11Uri.parse(uri), access());
  }

  private void assertRefuses(String uri, String... parts) {
    assertThatThrownBy(() -> open(uri))
        .isInstanceOf(SigningException.class)
        .hasMessageContainingAll(parts);
  }

  private void signAndVerify(String uri, KeyContext access) throws Exception {
    Pkcs11Uri parsed = Pkcs11Uri.parse(uri);
    try (TokenSigner signer = TokenSigner.open(parsed, access)) {
      ModelSigner.using(signer).sign(model, signature);
    }
    VerifyingKey key = new Pkcs11KeyProvider().publicKey(parsed, access);
    ModelVerifier.using(KeyVerifier.using(key)).verify(model, signature);
  }

  @ParameterizedTest
  @EnumSource
  void signsTheStatementsThatKeysInFilesSign(GoldenStatement statement) throws Exception {
    Path golden = statement.writeModel(directory);
    Path file = statement.signature(golden);
    try (TokenSigner signer = open("pkcs11:token=first%20token;object=p256")) {
      ModelSigner.using(signer).withHasher(statement.hasher()).sign(golden, file);
    }
    statement.assertIsIn(file);
  }

  @ParameterizedTest
  @CsvSource({"p256,256", "p384,384", "p521,512", "always,256"})
  void signsOnEveryCurveSoThatOpensslVerifiesIt(String label, String hash) throws Exception {
    String uri = "pkcs11:token=first%20token;object=" + label;
    signAndVerify(uri, access());

    Bundle bundle = Bundle.read(signature);
    Path message =
        Files.write(directory.resolve("pae"), bundle.envelope().payload().pae().toArray());
    Path raw = Files.write(directory.resolve("raw"), bundle.envelope().signature().toArray());
    VerifyingKey key = new Pkcs11KeyProvider().publicKey(Pkcs11Uri.parse(uri), access());
    Path pem = Files.writeString(directory.resolve("pub"), key.pem());
    assertThat(
            hsm.run(
                "openssl",
                "dgst",
                "-sha" + hash,
                "-verify",
                pem.toString(),
                "-signature",
                raw.toString(),
                message.toString()))
        .contains("Verified OK");
  }

  @Test
  void readsWhatATokenShowsWithoutAPin() throws Exception {
    KeyContext without =
        KeyContext.withDefaults()
            .withOption(Pkcs11KeyProvider.MODULE_PATH, SoftHsm.module().toString())
            .withSecrets(request -> {
              throw new SigningException("there is no PIN");
            });
    Pkcs11KeyProvider provider = new Pkcs11KeyProvider();
    Pkcs11Uri label = Pkcs11Uri.parse("pkcs11:token=first%20token;object=p384");
    assertThat(provider.publicKey(label, without)).isEqualTo(provider.publicKey(label, access()));
    for (String hidden : List.of("no%20public", "twins")) {
      Pkcs11Uri uri = Pkcs11Uri.parse("pkcs11:token=first%20token;object=" + hidden);
      assertThatThrownBy(() -> provider.publicKey(uri, without))
          .isInstanceOf(SigningException.class)
          .hasMessageStartingWith("without a PIN, the token 'first token' shows ")
          .hasMessageEndingWith(": there is no PIN");
    }
  }

  @Test
  void findsTheModuleByItsName() throws Exception {
    signAndVerify(
        "pkcs11:token=first%20token;id=%01?module-name=softhsm2&pin-value=1234",
        KeyContext.withDefaults());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pkcs11:token=second+token;object=other",
        "pkcs11:token=second%2Btoken;id=%01;type=public",
        "pkcs11:object=other",
        "pkcs11:object=other;model=SoftHSM%20v2;manufacturer=SoftHSM%20project;type=private",
        "pkcs11:object=other;library-manufacturer=SoftHSM;library-version=2.6",
        "pkcs11:token=second+token;object=other;slot-manufacturer=SoftHSM%20project"
      })
  void findsTheKeyByWhatTheUriSays(String uri) throws Exception {
    if (uri.equals("pkcs11:object=other") || !uri.contains("token=")) {
      assertRefuses(uri, "2 tokens match the PKCS #11 URI", "token=second+token;", "slot-id=");
    } else {
      signAndVerify(uri, access());
    }
  }

  @Test
  void refusesWhatCannotSignModels() {
    assertRefuses("pkcs11:token=none;object=p256", "no token matches", "token=first%20token;");
    assertRefuses("pkcs11:token=first%20token", "names no key", "object=p256;id=%01");
    assertRefuses("pkcs11:token=first%20token;object=x", "no private key", "object=p256;id=%01");
    assertRefuses("pkcs11:token=first%20token;object=twins", "2 keys match", "id=%04", "id=%05");
    assertRefuses("pkcs11:token=first%20token;object=p256;id=%02", "no private key");
    assertRefuses("pkcs11:token=first%20token;object=rsa", "this is a key for RSA");
    assertRefuses("pkcs11:token=first%20token;object=koblitz", "the curve secp256k1");
    assertRefuses(
        "pkcs11:token=first%20token;object=no%20public",
        "the public key that belongs to the private key is not known");
  }

  @Test
  void triesAWrongPinOnceAndThenTheRightOneWorks() throws Exception {
    String uri = "pkcs11:token=first%20token;object=p256";
    for (String pin : List.of("9876", "98", "987654321")) {
      assertThatThrownBy(() -> open(uri + "?pin-value=" + pin))
          .isInstanceOf(SigningException.class)
          .hasMessageContaining("PIN")
          .hasMessageNotContaining(pin);
    }
    signAndVerify(uri, access());
  }

  @Test
  void listsTokensAndKeys() throws Exception {
    List<Pkcs11Tokens.Token> tokens =
        Pkcs11Tokens.list(Pkcs11Uri.parse("pkcs11:token=first%20token"), access(), false);
    assertThat(tokens).hasSize(1);
    Pkcs11Tokens.Token token = tokens.get(0);
    assertThat(token.label()).isEqualTo("first token");
    assertThat(token.keys()).hasSize(6).noneMatch(Pkcs11Tokens.Key::privateSeen);
    assertThat(token.otherKeys()).isEqualTo(2);
    Pkcs11Tokens.Token open =
        Pkcs11Tokens.list(Pkcs11Uri.parse(token.uri()), withPin(), true).get(0);
    assertThat(open.keys()).hasSize(7).allMatch(Pkcs11Tokens.Key::privateSeen);
    String first = open.keys().get(0).uri();
    signAndVerify(first, withPin());
  }

  @RepeatedTest(3)
  void signsInManyThreads() throws Exception {
    int threads = 8;
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try (TokenSigner shared = open("pkcs11:token=first%20token;object=p256")) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        boolean own = i % 2 == 0;
        running.add(
            executor.submit(
                (Callable<Void>)
                    () -> {
                      if (own) {
                        try (TokenSigner mine = open("pkcs11:token=first%20token;object=p521")) {
                          signOften(mine);
                        }
                      } else {
                        signOften(shared);
                      }
                      return null;
                    }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } finally {
      executor.shutdownNow();
    }
  }

  /** Every signature is verified by the signer. */
  private void signOften(TokenSigner signer) throws Exception {
    ModelSigner modelSigner = ModelSigner.using(signer);
    for (int i = 0; i < 50; i++) {
      assertThat(modelSigner.sign(model).envelope().signature().length()).isPositive();
    }
  }
}
