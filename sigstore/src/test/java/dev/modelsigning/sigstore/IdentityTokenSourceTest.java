package dev.modelsigning.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.signing.SigningException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens in a file or a variable. */
class IdentityTokenSourceTest {

  @TempDir private Path directory;

  private final String token = TestServices.token();

  @Test
  void readsATokenFromAFileAndTheEnvironment() throws Exception {
    Path file = directory.resolve("token");
    Files.writeString(file, "\n" + token + "\n");
    IdentityTokenSource source = IdentityTokenSource.fromFile(file);
    String fresh = TestServices.token();
    Files.writeString(file, fresh);
    assertThat(source.token().content().secret()).isEqualTo(fresh);
    assertThat(
            IdentityTokenSource.fromEnvironment(Map.of("T", token), "T").token().content().secret())
        .isEqualTo(token);
  }

  @Test
  void saysAtOnceThatThereIsNoToken() throws Exception {
    Path file = directory.resolve("token");
    assertThatThrownBy(() -> IdentityTokenSource.fromFile(file))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining(file.toString());
    Files.writeString(file, "secret");
    assertThatThrownBy(() -> IdentityTokenSource.fromFile(file))
        .isInstanceOf(SigningException.class)
        .hasMessageStartingWith(file.toString())
        .message()
        .doesNotContain("secret");
    assertThatThrownBy(() -> IdentityTokenSource.fromEnvironment(Map.of(), "T"))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("T is not set");
    assertThatThrownBy(() -> IdentityTokenSource.of("secret"))
        .isInstanceOf(SigningException.class)
        .message()
        .contains("token")
        .doesNotContain("secret");
  }

  @Test
  void refusesATokenThatHasExpiredAndAsksForOneOnly() throws Exception {
    Instant past = Instant.parse("2020-01-01T00:00:00Z");
    IdentityTokenSource expired = IdentityTokenSource.of(TestServices.token(past, ""));
    assertThatThrownBy(expired::requireUnexpired)
        .isInstanceOf(SigningException.class)
        .hasMessage(
            "the identity token expired at 2020-01-01T00:00:00Z; get a new one, nothing was signed");

    IdentityToken good = IdentityToken.parse(token);
    AtomicInteger asked = new AtomicInteger();
    IdentityTokenSource source =
        () -> {
          asked.incrementAndGet();
          return good;
        };
    assertThat(source.requireUnexpired()).isSameAs(source);
    assertThat(asked).hasValue(1);
  }

  @Test
  void reportsThatThereIsNoTokenToCheck() {
    IdentityTokenSource none =
        () -> {
          throw new SigningException("no token today");
        };
    assertThatThrownBy(none::requireUnexpired)
        .isInstanceOf(SigningException.class)
        .hasMessage("no token today");
  }
}
