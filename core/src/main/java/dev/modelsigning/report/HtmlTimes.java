package dev.modelsigning.report;

import dev.modelsigning.internal.document.HtmlWriter;
import dev.modelsigning.signing.CertificateIdentity;
import dev.modelsigning.signing.CertificateSummary;
import dev.modelsigning.signing.KeylessIdentity;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.VerificationTime;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Writes the times of a verdict as a list of events, the earliest first. */
final class HtmlTimes {

  /** No legitimate bundle has more times. */
  private static final int MOST = 200;

  private HtmlTimes() {}

  /**
   * An event.
   *
   * @param what trusted text of ours
   * @param by who attests it; empty if nobody
   * @param attested whether that is a party other than the verifier
   */
  private record Event(Instant time, String what, String by, boolean attested) {}

  static void write(Verdict verdict, Instant verified, HtmlWriter html) throws IOException {
    List<Event> events = new ArrayList<>();
    verdict.signer().flatMap(HtmlTimes::certificate).ifPresent(it -> add(it, events));
    verdict.times().stream().limit(MOST).map(HtmlTimes::event).forEach(events::add);
    events.add(new Event(verified, verdict.isVerified() ? "verified" : "not verified", "", false));
    events.sort(Comparator.comparing(Event::time));
    html.open("ol", "class", "times").line();
    for (Event event : events) {
      html.open("li", "class", event.attested ? "attested" : "stated");
      html.time(event.time);
      html.text(event.what);
      if (!event.by.isEmpty()) {
        html.text(", by ").outside(event.by);
      }
      html.close().line();
    }
    html.close().line();
    HtmlRest.write(verdict.times().size() - (long) MOST, "times", html);
    boolean attested = verdict.times().stream().anyMatch(VerificationTime::isAttested);
    html.element(
            "p",
            attested
                ? "Times with a green mark are attested by somebody who is trusted for that."
                : "Nobody attests when the model was signed.",
            "class",
            "quiet")
        .line();
    Optional<String> written = Staleness.modified(verdict.differences());
    if (written.isPresent()) {
      html.element(
              "p",
              "Files that differ were last written "
                  + written.get()
                  + " (a hint; anybody can set such times).",
              "class",
              "quiet")
          .line();
    }
  }

  private static Optional<CertificateSummary> certificate(SignerIdentity signer) {
    if (signer instanceof CertificateIdentity owner) {
      return Optional.of(owner.certificate());
    }
    return signer instanceof KeylessIdentity keyless
        ? Optional.of(keyless.certificate())
        : Optional.empty();
  }

  private static void add(CertificateSummary certificate, List<Event> events) {
    events.add(
        new Event(certificate.notBefore(), "the signer's certificate becomes valid", "", false));
    events.add(new Event(certificate.notAfter(), "the signer's certificate expires", "", false));
  }

  private static Event event(VerificationTime time) {
    String what =
        switch (time.source()) {
          case CURRENT_TIME -> "certificates were valid (current time)";
          case REQUESTED -> "certificates were valid (a time that was asked for)";
          case TIMESTAMP -> "the signature was stamped";
          case LATER_TIMESTAMP -> "the file of the signature was stamped";
          case TRANSPARENCY_LOG -> "the signature was recorded in a log";
        };
    return new Event(time.instant(), what, time.authority(), time.isAttested());
  }
}
