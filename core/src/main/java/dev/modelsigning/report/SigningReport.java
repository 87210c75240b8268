package dev.modelsigning.report;

import dev.modelsigning.SignedModel;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Severity;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.model.RegistryPlace;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.VerificationTime;
import dev.modelsigning.timestamp.ClaimedTimestamp;
import dev.modelsigning.timestamp.UntrustedTimestampException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of signing a model, as data: what was signed and by whom, or why nothing was signed.
 */
public final class SigningReport {

  private final String model;
  private final @Nullable Signed signed;
  private final @Nullable Finding reason;
  private final List<Finding> remarks;
  private final List<String> verifyCommand;
  private final Optional<RegistryPlace> place;

  /**
   * The signature that was made.
   *
   * @param file where the signature is: a path or a URI
   * @param replaced whether it replaced an existing one
   * @param model what was signed, and by whom
   * @param also another signature over the same payload
   * @param update how many files were read, if unchanged ones need not be
   */
  record Signed(
      String file,
      boolean replaced,
      SignedModel model,
      Optional<Also> also,
      Optional<Update> update) {

    HashedModel content() {
      return model.content();
    }

    SignedPayload signature() {
      return model.signature();
    }
  }

  /**
   * Another signature over the same payload.
   *
   * @param file where it is
   * @param replaced whether it replaced an existing one
   * @param signature the signature, and by whom
   * @param verifyCommand the command that verifies it, argument by argument; empty if not known
   */
  record Also(String file, boolean replaced, SignedPayload signature, List<String> verifyCommand) {}

  /**
   * How much was read of a model that was signed again.
   *
   * @param read the number of files that were read
   * @param notRead the number of unchanged files, which were not read
   * @param why why unchanged files were read; empty if none were
   */
  record Update(long read, long notRead, String why) {

    /** The numbers as text. */
    @Override
    public String toString() {
      String most = files(read) + "; " + files(notRead) + " unchanged and not read";
      if (why.isEmpty()) {
        return most;
      }
      return notRead == 0 ? "all files, as " + why : most + ", and " + why;
    }
  }

  private static String files(long number) {
    return number + (number == 1 ? " file" : " files");
  }

  private SigningReport(
      String model,
      @Nullable Signed signed,
      @Nullable Finding reason,
      List<Finding> remarks,
      List<String> verifyCommand,
      Optional<RegistryPlace> place) {
    this.model = model;
    this.signed = signed;
    this.reason = reason;
    this.remarks = List.copyOf(remarks);
    this.verifyCommand = List.copyOf(verifyCommand);
    this.place = place;
  }

  /**
   * Returns the report for a model that was signed.
   *
   * @param model where the model is, for display
   * @param signed what was signed, and by whom
   * @param file the file that the signature was written to
   * @param replaced whether there was one before
   */
  public static SigningReport of(String model, SignedModel signed, Path file, boolean replaced) {
    return of(model, signed, file.toString(), replaced);
  }

  /**
   * Returns the report for a model that was signed.
   *
   * @param model where the model is, for display
   * @param signed what was signed, and by whom
   * @param file where the signature was written to: a path or a URI
   * @param replaced whether there was one before
   */
  public static SigningReport of(String model, SignedModel signed, String file, boolean replaced) {
    List<Finding> findings =
        Stream.concat(signed.content().findings().stream(), signed.signature().findings().stream())
            .toList();
    return new SigningReport(
        model,
        new Signed(file, replaced, signed, Optional.empty(), Optional.empty()),
        null,
        findings,
        List.of(),
        Optional.empty());
  }

  /**
   * Returns the report for a model that was not signed.
   *
   * @param model where the model is, for display; empty if unknown
   * @param why the reason, with a rule of severity {@link Severity#ERROR}
   */
  public static SigningReport failed(String model, Finding why) {
    return new SigningReport(model, null, why, List.of(), List.of(), Optional.empty());
  }

  /**
   * Returns the same report with the command that verifies the signature.
   *
   * @param words its arguments, unquoted
   */
  public SigningReport withVerifyCommand(List<String> words) {
    return new SigningReport(model, signed, reason, remarks, words, place);
  }

  /**
   * Returns the same report with another signature over the same payload.
   *
   * @param file the file that it was written to
   * @param replaced whether there was one before
   * @param other the signature, and by whom
   * @throws IllegalStateException if nothing was signed
   */
  public SigningReport withSecond(Path file, boolean replaced, SignedPayload other) {
    return withSecond(file.toString(), replaced, other);
  }

  /**
   * Returns the same report with another signature over the same payload.
   *
   * @param file where it was written to: a path or a URI
   * @param replaced whether there was one before
   * @param other the signature, and by whom
   * @throws IllegalStateException if nothing was signed
   */
  public SigningReport withSecond(String file, boolean replaced, SignedPayload other) {
    return withSecond(new Also(file, replaced, other, List.of())).withFindings(other.findings());
  }

  /**
   * Returns the same report for a model that was signed again.
   *
   * @param read the number of files that were read
   * @param notRead the number of unchanged files, which were not read
   * @param why why unchanged files were read; empty if none were
   * @throws IllegalStateException if nothing was signed
   */
  public SigningReport withUpdate(long read, long notRead, String why) {
    Signed made = signed().orElseThrow(() -> new IllegalStateException("nothing was signed"));
    return new SigningReport(
        model,
        new Signed(
            made.file(),
            made.replaced(),
            made.model(),
            made.also(),
            Optional.of(new Update(read, notRead, why))),
        reason,
        remarks,
        verifyCommand,
        place);
  }

  /**
   * Returns the same report with the command that verifies the other signature.
   *
   * @param words its arguments, unquoted
   * @throws IllegalStateException if there is no other signature
   */
  public SigningReport withSecondVerifyCommand(List<String> words) {
    Also also =
        signed()
            .flatMap(Signed::also)
            .orElseThrow(() -> new IllegalStateException("there is no other signature"));
    return withSecond(new Also(also.file(), also.replaced(), also.signature(), List.copyOf(words)));
  }

  private SigningReport withSecond(Also also) {
    Signed made = signed().orElseThrow(() -> new IllegalStateException("nothing was signed"));
    Signed both =
        new Signed(made.file(), made.replaced(), made.model(), Optional.of(also), made.update());
    return new SigningReport(model, both, reason, remarks, verifyCommand, place);
  }

  /** Returns the same report for a model in a registry. */
  public SigningReport withRegistry(RegistryPlace registry) {
    return new SigningReport(model, signed, reason, remarks, verifyCommand, Optional.of(registry));
  }

  /**
   * Returns the same report with more findings.
   *
   * @param more findings that are not the reason of a failure
   */
  public SigningReport withFindings(List<Finding> more) {
    List<Finding> all = Stream.concat(remarks.stream(), more.stream()).toList();
    return new SigningReport(model, signed, reason, all, verifyCommand, place);
  }

  /**
   * Returns the same report with the messages of its findings rewritten, for example to redact a
   * secret from a command-line argument.
   */
  public SigningReport withMessages(UnaryOperator<String> rewriting) {
    return new SigningReport(
        model,
        signed,
        reason == null ? null : Verdict.rewritten(reason, rewriting),
        remarks.stream().map(each -> Verdict.rewritten(each, rewriting)).toList(),
        verifyCommand,
        place);
  }

  /** Whether a signature was made. */
  public boolean isSigned() {
    return signed != null;
  }

  /** Where the model is, for display. */
  public String model() {
    return model;
  }

  /** Why nothing was signed, with a rule of severity {@link Severity#ERROR}. */
  public Optional<Finding> reason() {
    return Optional.ofNullable(reason);
  }

  /** The reason first, if there is one, then other findings for readers of the report. */
  public List<Finding> findings() {
    return Stream.concat(reason().stream(), remarks.stream()).toList();
  }

  /** The findings that are not the reason of a failure. */
  public Stream<Finding> warnings() {
    return remarks.stream();
  }

  /** The command that verifies the signature, argument by argument; empty if it is not known. */
  public List<String> verifyCommand() {
    return verifyCommand;
  }

  /** The signature that was made; empty if there is none. */
  public Optional<SignedPayload> signature() {
    return signed().map(Signed::signature);
  }

  /** Another signature over the same payload; empty if there is none. */
  public Optional<SignedPayload> secondSignature() {
    return signed().flatMap(Signed::also).map(Also::signature);
  }

  /** Where the model is, if it is in a registry. */
  public Optional<RegistryPlace> registry() {
    return place;
  }

  Optional<Signed> signed() {
    return Optional.ofNullable(signed);
  }

  /** The report in one line: that signing succeeded, or why it failed. */
  public String headline() {
    return reason == null ? "Signing succeeded" : reason.message();
  }

  /** The facts about the signature: file, signer, times and content. */
  public Facts facts() {
    Facts facts = new Facts();
    signed()
        .ifPresent(made -> {
          facts
              .add("signature", made.file() + (made.replaced() ? " (replaced the one before)" : ""))
              .addSigner(made.signature().signer())
              .addTimes(made.signature().times())
              .addList("time stamp", claimed(made.signature()).map(Claimed::toString).toList())
              .addFiles(made.content().manifest(), made.content().files(), made.content().bytes())
              .addUncovered(made.content().uncovered());
          made.update().ifPresent(it -> facts.add("read", it.toString()));
          made.also()
              .ifPresent(also ->
                  facts
                      .add(
                          "and",
                          also.file() + (also.replaced() ? " (replaced the one before)" : ""))
                      .addSigner(also.signature().signer()));
        });
    place.ifPresent(facts::addRegistry);
    return facts;
  }

  /**
   * A time stamp that was not checked against trusted authorities.
   *
   * @param stamp its claims, if it can be read
   * @param problem why it cannot be read; empty if it can
   */
  record Claimed(Optional<ClaimedTimestamp> stamp, String problem) {

    /** The claim as text. */
    @Override
    public String toString() {
      return stamp
          .map(it -> it + " (nobody said whether to trust it)")
          .orElse("cannot be read: " + problem);
    }
  }

  /**
   * The claims of the time stamps. Their signatures were checked when they were received, but not
   * whether their authority is trusted; empty if they were verified.
   */
  static Stream<Claimed> claimed(SignedPayload payload) {
    boolean verified =
        payload.times().stream()
            .anyMatch(time -> time.source() == VerificationTime.Source.TIMESTAMP);
    if (verified) {
      return Stream.empty();
    }
    List<Claimed> stamps = new ArrayList<>();
    for (Bytes stamp : payload.bundle().rfc3161Timestamps()) {
      try {
        stamps.add(new Claimed(Optional.of(ClaimedTimestamp.read(stamp)), ""));
      } catch (UntrustedTimestampException e) {
        stamps.add(new Claimed(Optional.empty(), String.valueOf(e.getMessage())));
      }
    }
    return stamps.stream();
  }

  /**
   * The report as one JSON object on one line, in ASCII, according to the schema {@code sign}
   * (docs/json.md).
   */
  public String toJson() {
    return JsonWriter.asciiDocument(json -> SigningJson.write(this, json)) + "\n";
  }

  /**
   * Writes the same JSON in large blocks.
   *
   * @param out the stream, which is not closed
   * @throws IOException if it cannot be written
   */
  public void writeJson(OutputStream out) throws IOException {
    JsonWriter.asciiDocument(out, json -> SigningJson.write(this, json));
    out.write('\n');
  }
}
