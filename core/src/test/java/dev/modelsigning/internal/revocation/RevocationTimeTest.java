package dev.modelsigning.internal.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.internal.pkix.CertificationPath;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestHttpServer;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** All services share one time limit, however many certificates name them. */
@Timeout(60)
class RevocationTimeTest {

  private static final Duration TOTAL = Duration.ofSeconds(3);

  private final TestCertificate root = TestCertificate.root("CN=Root");

  /** A path of certificates that each name a responder and a list of their own. */
  private CertificationPath path(TestHttpServer server, int length) {
    List<X509Certificate> certificates = new ArrayList<>();
    TestCertificate issuer = root;
    for (int i = 0; i < length; i++) {
      issuer =
          TestCertificate.named("CN=" + i)
              .authority()
              .ocsp(server.uri("/ocsp/" + i).toString())
              .revocationListAt(server.uri("/list/" + i).toString())
              .issuedBy(issuer);
      certificates.add(0, issuer.certificate());
    }
    return new CertificationPath(certificates, root.certificate());
  }

  private static void require(RevocationCheck check, CertificationPath path)
      throws RevokedException {
    Instant now = Instant.now();
    check.require(path, now, List.of(now), Optional.empty());
  }

  private static RevocationCheck check(boolean softFail) {
    return new RevocationCheck(List.of(), true, softFail)
        .started(StatusServices.started(TOTAL, Duration.ofSeconds(1)));
  }

  @Test
  void allServicesTogetherHaveOneTime() throws Exception {
    for (TestHttpServer.Answers answers :
        List.of(
            TestHttpServer.dripping(),
            TestHttpServer.drippingHeaders(),
            TestHttpServer.answering(503, "", "Retry-After: 2"))) {
      try (TestHttpServer server = new TestHttpServer(answers)) {
        CertificationPath path = path(server, 12);
        RevocationCheck check = check(true);
        long start = System.nanoTime();
        // As for several time stamps with paths of their own.
        for (int i = 0; i < 5; i++) {
          require(check, path);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TOTAL.plusSeconds(3));
        assertThat(server.requests().size()).isLessThan(2 * 12 + 5);
      }
    }
  }

  @Test
  void asksNobodyTheSameTwice() throws IOException {
    try (TestHttpServer server = new TestHttpServer(TestHttpServer.answering(404, ""))) {
      CertificationPath path = path(server, 2);
      RevocationCheck check = check(false);
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> require(check, path))
            .isInstanceOf(RevokedException.class)
            .hasMessageContaining(" answered 404");
      }
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void endsAtOnceWhenInterrupted() throws Exception {
    try (TestHttpServer server = new TestHttpServer(TestHttpServer.dripping())) {
      CertificationPath path = path(server, 2);
      List<Throwable> failures = new ArrayList<>();
      Thread thread =
          new Thread(() -> {
            try {
              require(new RevocationCheck(List.of(), true, true), path);
            } catch (RevokedException e) {
              failures.add(e);
            }
          });
      thread.start();
      server.awaitRequest();
      thread.interrupt();
      thread.join();
      assertThat(failures).singleElement().asString().contains("interrupted");
    }
  }
}
