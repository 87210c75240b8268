package dev.modelsigning.internal.keyfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.testing.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsKeyFileTest {

  @TempDir private Path directory;

  private Path write(String text) throws Exception {
    return Files.writeString(directory.resolve("tls.key"), text);
  }

  private static String pem(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }

  private static TestCertificate certificate(String algorithm) throws Exception {
    if (algorithm.equals("EC")) {
      return TestCertificate.root("CN=server");
    }
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (algorithm.equals("RSA")) {
      generator.initialize(2048);
    }
    KeyPair keys = generator.generateKeyPair();
    return TestCertificate.named("CN=server").keys(keys).issuedBy(TestCertificate.root("CN=ca"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void readsPkcs8(String algorithm) throws Exception {
    TestCertificate server = certificate(algorithm);
    Path file = write(pem("PRIVATE KEY", server.keys().getPrivate().getEncoded()));

    assertThat(TlsKeyFile.read(file, server.certificate()).getEncoded())
        .isEqualTo(server.keys().getPrivate().getEncoded());
  }

  /** As cert-manager and openssl write them. */
  @ParameterizedTest
  @CsvSource({"RSA, RSA PRIVATE KEY", "EC, EC PRIVATE KEY"})
  void readsOlderForms(String algorithm, String label) throws Exception {
    TestCertificate server = certificate(algorithm);
    byte[] inner =
        PrivateKeyInfo.getInstance(server.keys().getPrivate().getEncoded())
            .parsePrivateKey()
            .toASN1Primitive()
            .getEncoded();
    if (algorithm.equals("EC")) {
      // The JDK leaves the curve out, which is in PKCS #8 besides.
      PrivateKeyInfo info = PrivateKeyInfo.getInstance(server.keys().getPrivate().getEncoded());
      inner =
          new ECPrivateKey(
                  256,
                  ECPrivateKey.getInstance(info.parsePrivateKey()).getKey(),
                  info.getPrivateKeyAlgorithm().getParameters())
              .getEncoded();
    }

    assertThat(TlsKeyFile.read(write(pem(label, inner)), server.certificate()).getAlgorithm())
        .isEqualTo(algorithm);
  }

  @Test
  void refusesWhatIsNotTheKeyOfTheCertificate() throws Exception {
    TestCertificate server = TestCertificate.root("CN=server");
    String own = pem("PRIVATE KEY", server.keys().getPrivate().getEncoded());
    String other =
        pem("PRIVATE KEY", TestCertificate.root("CN=o").keys().getPrivate().getEncoded());

    refuses(server, other, "this is the private key of another certificate");
    refuses(
        server,
        pem("PRIVATE KEY", certificate("RSA").keys().getPrivate().getEncoded()),
        "the private key is damaged, or is of another kind than the certificate");
    refuses(server, own + own, "expected one private key and nothing else");
    refuses(server, "", "expected one private key and nothing else, found none");
    refuses(server, pem("CERTIFICATE", new byte[40]), "holds a block 'CERTIFICATE'");
    refuses(server, pem("PRIVATE KEY", new byte[40]), "the private key is damaged");
    refuses(server, pem("EC PRIVATE KEY", new byte[40]), "the private key is damaged");
    refuses(server, own.substring(0, 120), "has no END");
    refuses(server, pem("ENCRYPTED PRIVATE KEY", new byte[40]), "the private key is encrypted");
    refuses(
        server,
        own.replace("KEY-----\nM", "KEY-----\nProc-Type: 4,ENCRYPTED\n\nM"),
        "the private key is encrypted");
  }

  private void refuses(TestCertificate server, String text, String why) throws Exception {
    Path file = write(text);
    assertThatThrownBy(() -> TlsKeyFile.read(file, server.certificate()))
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(why)
        .message()
        .doesNotContain(
            Base64.getEncoder()
                .encodeToString(server.keys().getPrivate().getEncoded())
                .substring(40, 60));
  }
}
