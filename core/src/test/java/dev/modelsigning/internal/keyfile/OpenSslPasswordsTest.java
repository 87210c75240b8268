package dev.modelsigning.internal.keyfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelsigning.internal.keypair.EcKeyPair;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.SecretSource;
import dev.modelsigning.testing.TimedProcess;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPrivateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.MacData;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PBMAC1Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.Pfx;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.DigestInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files that the local openssl encrypts with a non-ASCII password can be opened, or have a clear
 * error.
 */
@Timeout(120)
class OpenSslPasswordsTest {

  /** With a character of one, two, three and four bytes in UTF-8. */
  private static final String PASSWORD = "p\u00e4ss\u20ac\ud83d\udd11";

  @TempDir Path directory;

  private Path key;
  private Path certificate;

  @BeforeEach
  void makeAKey() throws Exception {
    key = directory.resolve("key.pem");
    certificate = directory.resolve("cert.pem");
    List<String> make =
        List.of("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key.toString());
    assumeTrue(openssl(make), "needs openssl");
    List<String> certify = new ArrayList<>(List.of("req", "-x509", "-subj", "/CN=me"));
    certify.addAll(List.of("-days", "9", "-key", key.toString(), "-out", certificate.toString()));
    assertThat(openssl(certify)).isTrue();
  }

  private static boolean openssl(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(arguments);
    try {
      return TimedProcess.start(
                  new ProcessBuilder(command)
                      .redirectErrorStream(true)
                      .redirectOutput(ProcessBuilder.Redirect.DISCARD))
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // there is none
    }
  }

  private Path password(String text, Charset charset) throws IOException {
    return Files.write(directory.resolve("password"), text.getBytes(charset));
  }

  /** Has openssl write a file; the test is skipped where it cannot. */
  private Path make(String command, Path password) throws Exception {
    Path out = directory.resolve("out");
    List<String> arguments = new ArrayList<>();
    for (String each :
        command.replace("LEGACY", "-provider legacy -provider default").split(" ", -1)) {
      arguments.add(
          switch (each) {
            case "KEY" -> key.toString();
            case "CERT" -> certificate.toString();
            default -> each;
          });
    }
    arguments.addAll(List.of("-passout", "file:" + password, "-out", out.toString()));
    boolean made = openssl(arguments);
    assumeTrue(made, "needs an openssl that knows this algorithm");
    return out;
  }

  private Path make(String command) throws Exception {
    return make(command, password(PASSWORD, StandardCharsets.UTF_8));
  }

  private static SecretSource secret(String password) {
    return SecretSource.of(password.toCharArray());
  }

  private void opensKey(Path file, String password) throws Exception {
    EcKeyPair read = PrivateKeyFile.read(file, secret(password));
    EcKeyPair plain =
        PrivateKeyFile.read(
            key,
            request -> {
              throw new AssertionError("asked for the password of a key without one");
            });
    assertThat(read.publicKey()).isEqualTo(plain.publicKey());
    assertThatThrownBy(() -> PrivateKeyFile.read(file, secret("wrong")))
        .isInstanceOf(SigningException.class)
        .hasMessage(file + ": the password is wrong, or the private key is damaged");
    assertThatThrownBy(() -> PrivateKeyFile.read(file, secret("p\u00e4ss\u20ac")))
        .isInstanceOf(SigningException.class)
        .hasMessageMatching(
            Pattern.quote(file + ": the password is wrong, or the private key is damaged")
                + "(, or was encrypted with the password in another character encoding than UTF-8)?");
  }

  private void opensStore(Path file, String password) throws Exception {
    KeyStoreFile.Entry read = KeyStoreFile.read(file, null, secret(password));
    EcKeyPair plain = PrivateKeyFile.read(key, secret(""));
    assertThat(read.privateKey().getEncoded()).isNotNull();
    assertThat(read.chain().get(0).getPublicKey()).isEqualTo(plain.publicKey().orElseThrow());
    assertThat(((ECPrivateKey) read.privateKey()).getS())
        .isEqualTo(((ECPrivateKey) plain.privateKey()).getS());
    for (String wrong : new String[] {"wrong", "p\u00e4ss\u20ac"}) {
      assertThatThrownBy(() -> KeyStoreFile.read(file, null, secret(wrong)))
          .isInstanceOf(SigningException.class)
          .hasMessageStartingWith(file + ": the password is wrong");
    }
  }

  // --- keys

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-v2 aes-128-cbc",
        "-v2 aes-256-cbc",
        "-v2 des3",
        "-v2 camellia-256-cbc",
        "-v2 aes-256-cbc -v2prf hmacWithSHA1",
        "-v2 aes-256-cbc -v2prf hmacWithSHA256",
        "-v2 aes-256-cbc -v2prf hmacWithSHA384",
        "-v2 aes-256-cbc -v2prf hmacWithSHA512",
        "-scrypt",
        "-v1 PBE-SHA1-3DES",
        "-v1 PBE-SHA1-2DES",
        "LEGACY -v1 PBE-SHA1-RC2-40",
        "LEGACY -v1 PBE-SHA1-RC4-128",
        "LEGACY -v1 PBE-MD5-DES",
        "LEGACY -v1 PBE-SHA1-DES"
      })
  void opensKeysInPkcs8(String options) throws Exception {
    opensKey(make("pkcs8 -topk8 -in KEY " + options), PASSWORD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-aes128", "-aes192", "-aes256", "-des3", "LEGACY -des"})
  void opensKeysWithHeaders(String options) throws Exception {
    Path file = make("ec -in KEY " + options);
    assertThat(file).content().contains("Proc-Type: 4,ENCRYPTED");
    opensKey(file, PASSWORD);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          pkcs8 -topk8 -in KEY -v2 aria-256-cbc                        | ARIA-256-CBC
          pkcs8 -topk8 -in KEY -v2 aes-256-cfb                         | AES-256/CFB
          pkcs8 LEGACY -topk8 -in KEY -v2 bf-cbc                       | Blowfish-CBC
          pkcs8 -topk8 -in KEY -v2 aes-256-cbc -v2prf hmacWithMD5      | HMAC with MD5
          ec -in KEY -aria256                                          | ARIA-256-CBC
          ec -in KEY -camellia256                                      | CAMELLIA-256-CBC
          """)
  void namesTheAlgorithmOfAKeyThatItDoesNotKnow(String command, String algorithm) throws Exception {
    Path file = make(command);
    for (String password : new String[] {PASSWORD, "wrong"}) {
      assertThatThrownBy(() -> PrivateKeyFile.read(file, secret(password)))
          .isInstanceOf(SigningException.class)
          .hasMessageStartingWith(file + ": is encrypted by ")
          .hasMessageContaining(algorithm)
          .hasMessageContaining("which is not known here; encrypt it anew")
          .message()
          .doesNotContain("wrong");
    }
  }

  // --- key stores

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-legacy",
        "-nomac",
        "-certpbe NONE",
        "-keypbe NONE",
        "-keypbe NONE -certpbe NONE",
        "-keypbe aes-128-cbc -certpbe aes-192-cbc",
        "-keypbe camellia-256-cbc -certpbe camellia-128-cbc",
        "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES",
        "LEGACY -keypbe PBE-SHA1-RC4-128 -certpbe PBE-SHA1-RC2-128",
        "LEGACY -keypbe PBE-MD5-DES -certpbe PBE-SHA1-DES",
        "-macalg sha1",
        "-macalg sha512",
        "-macalg sha3-256",
        "-iter 1",
        "-iter 100000"
      })
  void opensKeyStores(String options) throws Exception {
    opensStore(make(("pkcs12 -export -in CERT -inkey KEY -name me " + options).strip()), PASSWORD);
  }

  /** Also what the JDK alone does not open with a password within ASCII. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-legacy",
        "-nomac",
        "-keypbe NONE",
        "-keypbe camellia-256-cbc",
        "-certpbe camellia-128-cbc"
      })
  void opensKeyStoresWithPasswordsWithinAscii(String options) throws Exception {
    Path ascii = password("plain", StandardCharsets.UTF_8);
    opensStore(
        make(("pkcs12 -export -in CERT -inkey KEY -name me " + options).strip(), ascii), "plain");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -certpbe aria-256-cbc | : is encrypted by PBES2      | ARIA-256-CBC
          -keypbe aria-256-cbc  | : a key of it is encrypted by PBES2 | ARIA-256-CBC
          -macalg blake2b512    | : is authenticated by BLAKE2b-512   | which is not known here
          """)
  void namesTheAlgorithmOfAKeyStoreThatItDoesNotKnow(String options, String begin, String words)
      throws Exception {
    for (String password : new String[] {PASSWORD, "plain"}) {
      Path file =
          make(
              "pkcs12 -export -in CERT -inkey KEY -name me " + options,
              password(password, StandardCharsets.UTF_8));
      assertThatThrownBy(() -> KeyStoreFile.read(file, null, secret(password)))
          .isInstanceOf(SigningException.class)
          .hasMessageStartingWith(file + begin.strip())
          .hasMessageContaining(words)
          .message()
          .doesNotContain("wrong");
    }
  }

  // --- what openssl made of passwords

  /** Before 1.1 each byte of UTF-8 was a character, which is what it now makes of their text. */
  @Test
  void opensWhatOldVersionsWrote() throws Exception {
    String bytesAsText =
        new String(PASSWORD.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    Path old = password(bytesAsText, StandardCharsets.UTF_8);
    opensStore(make("pkcs12 -export -in CERT -inkey KEY -name me -legacy", old), PASSWORD);
    opensStore(make("pkcs12 -export -in CERT -inkey KEY -name me -legacy -nomac", old), PASSWORD);
    opensKey(make("pkcs8 -topk8 -in KEY -v1 PBE-SHA1-3DES", old), PASSWORD);
  }

  /** In terminals that are not UTF-8. */
  @Test
  void opensWhatWasTypedInLatin1WhereThatCanBe() throws Exception {
    String text = "gr\u00fc\u00dfe";
    Path latin1 = password(text, StandardCharsets.ISO_8859_1);
    opensStore(make("pkcs12 -export -in CERT -inkey KEY -name me -legacy", latin1), text);
    opensKey(make("pkcs8 LEGACY -topk8 -in KEY -v1 PBE-MD5-DES", latin1), text);
    Path file = make("pkcs12 -export -in CERT -inkey KEY -name me", latin1);
    assertThatThrownBy(() -> KeyStoreFile.read(file, null, secret(text)))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("although the password fits its authentication")
        .hasMessageContaining("another character encoding");
  }

  /** Those derive from the UTF-8 of a password, and of no other form. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "pkcs8 -topk8 -in KEY -v2 aes-256-cbc",
        "pkcs8 -topk8 -in KEY -scrypt",
        "ec -in KEY -aes256"
      })
  void saysThatThePasswordMayHaveBeenInAnotherEncoding(String command) throws Exception {
    String text = "gr\u00fc\u00dfe";
    Path file = make(command, password(text, StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> PrivateKeyFile.read(file, secret(text)))
        .isInstanceOf(SigningException.class)
        .hasMessage(
            file
                + ": the password is wrong, or the private key is damaged, or was encrypted with the"
                + " password in another character encoding than UTF-8");
    assertThatThrownBy(() -> PrivateKeyFile.read(file, secret("within ASCII")))
        .hasMessage(file + ": the password is wrong, or the private key is damaged");
    assertThat(PrivateKeyFile.read(make(command), secret(PASSWORD))).isNotNull();
  }

  /** Newer versions can authenticate by PBMAC1 (RFC 9579), which this one may not. */
  @ParameterizedTest
  @ValueSource(strings = {PASSWORD, "plain"})
  void opensAKeyStoreWithAModernAuthentication(String password) throws Exception {
    Path file =
        make(
            "pkcs12 -export -in CERT -inkey KEY -name me -nomac",
            password(password, StandardCharsets.UTF_8));
    Pfx store = Pfx.getInstance(Files.readAllBytes(file));
    byte[] salt = "a salt".getBytes(StandardCharsets.US_ASCII);
    byte[] derived =
        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
            .generateSecret(new PBEKeySpec(password.toCharArray(), salt, 2048, 256))
            .getEncoded();
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(derived, "HmacSHA256"));
    byte[] content = ASN1OctetString.getInstance(store.getAuthSafe().getContent()).getOctets();
    AlgorithmIdentifier hmac =
        new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256, DERNull.INSTANCE);
    AlgorithmIdentifier pbmac1 =
        new AlgorithmIdentifier(
            PKCSObjectIdentifiers.id_PBMAC1,
            new PBMAC1Params(
                new AlgorithmIdentifier(
                    PKCSObjectIdentifiers.id_PBKDF2, new PBKDF2Params(salt, 2048, 32, hmac)),
                hmac));
    MacData data = new MacData(new DigestInfo(pbmac1, mac.doFinal(content)), salt, 1);
    opensStore(Files.write(file, new Pfx(store.getAuthSafe(), data).getEncoded()), password);
  }

  @Test
  void triesNoFormOfAPasswordThatCostsTooMuch() {
    char[] password = PASSWORD.toCharArray();
    assertThat(PasswordDecryption.forms(5_000_000, password)).hasSize(2);
    assertThat(PasswordDecryption.forms(5_000_001, password)).hasSize(1);
    assertThat(PasswordDecryption.forms(0, password)).hasSize(2);
    assertThat(PasswordDecryption.forms(0, "plain".toCharArray())).hasSize(1);
  }

  @Test
  void makesBytesOfEveryPassword() {
    // Half of a pair of surrogates is no character.
    assertThat(PasswordForm.of("\ud83d".toCharArray()).get(0).octets()).containsExactly('?');
    assertThat(new String(PasswordForm.of("\u00e4".toCharArray()).get(0).octets()))
        .isEqualTo("\u00c3\u00a4");
    assertThat(PasswordForm.isAscii("a ~".toCharArray())).isTrue();
    assertThat(PasswordForm.isAscii("\t".toCharArray())).isFalse();
    assertThat(Arrays.equals(PasswordForm.of(new char[0]).get(0).text(), new char[0])).isTrue();
  }
}
