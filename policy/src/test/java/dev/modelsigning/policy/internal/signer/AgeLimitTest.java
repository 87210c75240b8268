package dev.modelsigning.policy.internal.signer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.policy.internal.rules.Age;
import dev.modelsigning.policy.problem.Place;
import dev.modelsigning.signing.KeyIdentity;
import dev.modelsigning.signing.PayloadEncoding;
import dev.modelsigning.signing.VerificationTime;
import dev.modelsigning.signing.VerificationTime.Source;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.testing.TestCertificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which time of a signature is compared, and with what. */
class AgeLimitTest {

  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final Age DAY = new Age(new Place(1, "max-age"), Duration.ofDays(1), "1d");
  private static final Bundle BUNDLE = TestCertificate.root("CN=any").bundle("{}");

  private final AgeLimit ages = new AgeLimit(NOW);

  private static VerificationTime stamp(Duration ago) {
    return new VerificationTime(NOW.minus(ago), Source.TIMESTAMP);
  }

  private static VerifiedPayload signed(VerificationTime... times) {
    return VerifiedPayload.assertion(
        BUNDLE.envelope().payload(),
        PayloadEncoding.PAE,
        new KeyIdentity("1", "ECDSA P-256"),
        Arrays.asList(times),
        List.of());
  }

  @Test
  void comparesTheEarliestProvedTime() {
    assertThat(ages.problem(signed(stamp(Duration.ofHours(1))), DAY)).isEmpty();
    assertThat(ages.problem(signed(stamp(Duration.ofDays(1))), DAY)).isEmpty();
    assertThat(ages.problem(signed(stamp(Duration.ofDays(1).plusSeconds(1))), DAY)).isPresent();
    assertThat(ages.problem(signed(stamp(Duration.ofHours(1)), stamp(Duration.ofDays(2))), DAY))
        .hasValueSatisfying(why -> assertThat(why).contains("2026-05-30T12:00:00Z", "1d ago"));
  }

  @Test
  void takesNoTimeThatNobodyElseProves() {
    for (Source source : List.of(Source.CURRENT_TIME, Source.REQUESTED)) {
      assertThat(ages.problem(signed(new VerificationTime(NOW, source)), DAY))
          .hasValueSatisfying(why -> assertThat(why).contains("nothing proves"));
    }
    assertThat(ages.problem(signed(), DAY)).isPresent();
    VerificationTime log = new VerificationTime(NOW, Source.TRANSPARENCY_LOG);
    assertThat(ages.problem(signed(log), DAY)).isEmpty();
  }

  @Test
  void refusesATimeInTheFuture() {
    assertThat(ages.problem(signed(stamp(Duration.ofMinutes(-4))), DAY)).isEmpty();
    assertThat(ages.problem(signed(stamp(Duration.ofMinutes(-6))), DAY))
        .hasValueSatisfying(why -> assertThat(why).contains("in the future"));
    assertThat(ages.problem("verified", NOW.plusSeconds(3600), DAY)).isPresent();
  }
}
