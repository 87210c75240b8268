package dev.modelsigning.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.cli.serve.Reloaded.UnusableFilesException;
import dev.modelsigning.testing.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsIdentityTest {

  private static final Clock CLOCK = Clock.systemUTC();

  @TempDir private Path directory;
  private Path certificate;
  private Path key;

  @BeforeEach
  void write() throws Exception {
    certificate = directory.resolve("tls.crt");
    key = directory.resolve("tls.key");
    write("CN=one");
  }

  private void write(String name) throws Exception {
    TestCertificate server = TestCertificate.root(name);
    TestCertificate.write(certificate, server);
    server.writeKey(key);
  }

  private TlsIdentity load() throws UnusableFilesException {
    return TlsIdentity.of(certificate, key, CLOCK);
  }

  @Test
  void hasCertificateAndKey() throws Exception {
    TlsIdentity identity = load();

    assertThat(identity).hasToString("the certificate of CN=one");
    assertThat(identity.keyType()).isEqualTo("EC");
    assertThat(identity.key().getAlgorithm()).isEqualTo("EC");
  }

  @Test
  void refusesTheKeyOfAnotherCertificate() throws Exception {
    TestCertificate.root("CN=other").writeKey(key);

    assertThatThrownBy(this::load)
        .hasMessage(key + ": this is the private key of another certificate");
  }

  @Test
  void refusesHalfAFile() throws Exception {
    String whole = Files.readString(key);
    Files.writeString(key, whole.substring(0, whole.length() / 2));
    assertThatThrownBy(this::load).hasMessageContaining(key.toString());

    Files.writeString(key, whole);
    String cut = Files.readString(certificate).substring(0, 200);
    Files.writeString(certificate, cut);
    assertThatThrownBy(this::load).hasMessageContaining(certificate.toString());
    Files.writeString(certificate, "");
    assertThatThrownBy(this::load).hasMessageContaining("holds no certificate");
    Files.delete(certificate);
    assertThatThrownBy(this::load).isInstanceOf(UnusableFilesException.class);
  }

  @Test
  void refusesACertificateThatExpired() {
    assertThatThrownBy(
            () -> TlsIdentity.of(certificate, key, Clock.offset(CLOCK, Duration.ofDays(2))))
        .hasMessageContaining("the certificate of this server expired at ");
  }

  @Test
  void handshakesGetTheKeyOfTheirCertificate() throws Exception {
    AtomicReference<TlsIdentity> current = new AtomicReference<>(load());
    ServerKeyManager manager = new ServerKeyManager(current::get);
    String alias = manager.chooseEngineServerAlias("EC", null, null);
    write("CN=two");
    current.set(load());

    assertThat(alias).isNotNull();
    assertThat(manager.getCertificateChain(alias)[0].getSubjectX500Principal())
        .hasToString("CN=one");
    String next = manager.chooseEngineServerAlias("EC", null, null);
    assertThat(next).isNotNull().isNotEqualTo(alias);
    assertThat(manager.getCertificateChain(next)[0].getSubjectX500Principal())
        .hasToString("CN=two");
    assertThat(manager.getPrivateKey(alias)).isNotEqualTo(manager.getPrivateKey(next));
  }

  @Test
  void handsOutNothingForKeysOfAnotherKind() throws Exception {
    TlsIdentity identity = load();
    ServerKeyManager manager = new ServerKeyManager(() -> identity);

    assertThat(manager.chooseEngineServerAlias("RSA", null, null)).isNull();
    assertThat(manager.chooseServerAlias("EC_EC", null, null)).isNotNull();
    assertThat(manager.getCertificateChain("99")).isNull();
    assertThat(manager.getPrivateKey("99")).isNull();
  }
}
