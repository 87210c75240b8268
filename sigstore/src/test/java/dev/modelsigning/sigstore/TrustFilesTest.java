package dev.modelsigning.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.testing.Fifos;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files with trusted roots and with tokens: byte order marks, pipes, limits. */
@Timeout(60)
class TrustFilesTest {

  @TempDir Path directory;

  private final TestSigstore sigstore = new TestSigstore();

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  @Test
  void readsATrustedRootBehindAByteOrderMarkAndNamesUtf16() throws Exception {
    String json = sigstore.trustedRootJson();
    assertThat(TrustedRoot.load(write("root", '\ufeff' + json)).transparencyLogs()).hasSize(2);
    Path utf16 =
        Files.write(
            directory.resolve("utf16"), ('\ufeff' + json).getBytes(StandardCharsets.UTF_16LE));
    assertThatThrownBy(() -> TrustedRoot.load(utf16))
        .isInstanceOf(TrustConfigException.class)
        .hasMessage(utf16 + ": begins with a byte order mark of UTF-16; save it as UTF-8");
  }

  @Test
  void refusesARootOfARepositoryThatItWouldHaveToCut() throws Exception {
    Path root = write("root.json", "{}" + " ".repeat(1024 * 1024));
    assertThatThrownBy(() -> TrustRepository.at(URI.create("https://tuf.example"), root))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(root + ": is larger than 1048576 bytes");
  }

  @Test
  void readsATokenBehindAByteOrderMark() throws Exception {
    String token = TestServices.token();
    Path file = write("token", '\ufeff' + token + "\r\n");
    assertThat(IdentityTokenSource.fromFile(file).token().content().secret()).isEqualTo(token);
    assertThatThrownBy(() -> IdentityTokenSource.fromFile(write("large", "a".repeat(70_000))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is larger than 65536 bytes");
    assertThatThrownBy(() -> IdentityTokenSource.fromFile(write("other", "no token")))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining(directory.resolve("other").toString());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void readsATokenFromAPipeOnce() throws Exception {
    Path fifo = Fifos.make(directory.resolve("fifo"));
    String token = TestServices.token();
    Fifos.write(fifo, token.getBytes(StandardCharsets.US_ASCII));
    IdentityTokenSource source = IdentityTokenSource.fromFile(fifo);
    assertThat(source.token().content().secret()).isEqualTo(token);
    assertThat(source.token().content().secret()).isEqualTo(token);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void doesNotWaitForFifosInTheCache() throws Exception {
    List<String> notices = new ArrayList<>();
    try (TestRepository server = new TestRepository()) {
      server.publish(Duration.ofDays(1), Map.of("trusted_root.json", sigstore.trustedRootJson()));
      TrustRepository repository =
          TrustRepository.at(server.address(), server.writeRoot(directory.resolve("root.json")))
              .withCache(directory.resolve("cache"))
              .withNotices(finding -> notices.add(finding.message()))
              .withClient(ServiceClient.with(Duration.ofSeconds(5), Duration.ofMillis(1)));
      repository.trustedRoot();
      for (String name : List.of("timestamp.json", "1.snapshot.json", "1.targets.json")) {
        Path file = directory.resolve("cache").resolve(name);
        Files.delete(file);
        Fifos.make(file);
        assertThatThrownBy(() -> repository.offline().trustedRoot())
            .as(name)
            .isInstanceOf(TrustConfigException.class)
            .hasMessageContaining("is not a regular file");
        notices.clear();
        repository.trustedRoot();
        assertThat(notices).singleElement().asString().contains("is damaged");
        assertThat(file).isRegularFile();
      }
    }
  }
}
