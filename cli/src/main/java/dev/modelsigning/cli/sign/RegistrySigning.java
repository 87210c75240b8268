package dev.modelsigning.cli.sign;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.SignedModel;
import dev.modelsigning.SignedTogether;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.cli.method.SigningMethod;
import dev.modelsigning.cli.registry.References;
import dev.modelsigning.cli.registry.SignedAttachments;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.model.RegistryPlace.Attached;
import dev.modelsigning.oci.OciModel;
import dev.modelsigning.oci.OciReferrers;
import dev.modelsigning.oci.reference.AttachMode;
import dev.modelsigning.oci.reference.OciDigest;
import dev.modelsigning.oci.reference.OciReference;
import dev.modelsigning.report.SigningReport;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.statement.Predicate;
import dev.modelsigning.statement.Statement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Signs a model in a registry, whose tag was resolved once, and attaches the signature. Whether
 * that may be written is found out before anything is signed.
 */
final class RegistrySigning implements AutoCloseable {

  private final OciModel model;
  private final AttachMode mode;
  private final boolean withImageStatement;

  private RegistrySigning(OciModel model, AttachMode mode, boolean withImageStatement) {
    this.model = model;
    this.mode = mode;
    this.withImageStatement = withImageStatement;
  }

  /** Opens the model. */
  static RegistrySigning open(
      OciReference reference,
      Map<String, String> environment,
      AttachMode mode,
      boolean withImageStatement)
      throws IOException {
    return new RegistrySigning(OciModel.open(reference, environment), mode, withImageStatement);
  }

  /**
   * Signs the model, attaches what was signed, and writes the model's signature to a file, too, if
   * one is named.
   *
   * @param method gives the second signer, and says whether cosign can read the first one's
   *     signatures
   */
  SigningReport sign(
      PayloadSigner signer, SigningMethod method, ModelHasher hasher, Optional<Path> file)
      throws IOException, SigningException {
    OciReferrers referrers = model.referrers();
    referrers.requireWritable(mode);
    Optional<PayloadSigner> second = method.second();
    if (second.isPresent()) {
      second.get().requireReady();
    }
    boolean leftOut = withImageStatement && method.isBeyondOms();
    List<Payload> others =
        withImageStatement && !leftOut ? List.of(referrers.imageStatement()) : List.<Payload>of();
    SignedTogether signed = ModelSigner.using(signer).withHasher(hasher).sign(model, others);
    Optional<SignedPayload> also =
        second.isPresent()
            ? Optional.of(alsoSigned(second.get(), signed.model()))
            : Optional.empty();
    List<Finding> findings = new ArrayList<>();
    if (leftOut) {
      findings.add(SignedAttachments.withoutImageStatement(referrers));
    }
    if (file.isEmpty()) {
      return attach(referrers, signed, also, file).withFindings(moved(findings));
    }
    try (SignatureFiles files =
        SignatureFiles.reserve(
            file.get(), signed.model().signature().bundle(), also.map(SignedPayload::bundle))) {
      SigningReport report = attach(referrers, signed, also, file);
      files.write();
      return written(report, signed.model(), files, also).withFindings(moved(findings));
    }
  }

  /** The second signature is over the same statement. */
  private static SignedPayload alsoSigned(PayloadSigner second, SignedModel model)
      throws IOException, SigningException {
    SignedPayload also = second.sign(Statement.about(model.content()).toPayload());
    if (also.bundle().toJson().length() > Bundle.MAX_SIZE) {
      throw new SigningException(
          "the second bundle would be larger than "
              + Bundle.MAX_SIZE
              + " bytes, which no verifier reads; use larger shards, or sign without --also");
    }
    return also;
  }

  private List<Finding> moved(List<Finding> findings) {
    model.movedTag().ifPresent(findings::add);
    return findings;
  }

  private SigningReport attach(
      OciReferrers referrers,
      SignedTogether signed,
      Optional<SignedPayload> also,
      Optional<Path> file)
      throws IOException {
    SignedAttachments attachments = new SignedAttachments(referrers, mode, file);
    attachments.attach(signed.model().signature(), Predicate.SignatureV1.TYPE);
    if (also.isPresent()) {
      attachments.attach(also.get(), Predicate.SignatureV1.TYPE);
    }
    for (SignedPayload other : signed.others()) {
      attachments.attach(other, OciReferrers.IMAGE_STATEMENT_TYPE);
    }
    List<Attached> attached = attachments.attached();
    SigningReport report = report(signed.model(), place(attached.get(0)), false, attached);
    return also.isPresent() ? report.withSecond(place(attached.get(1)), false, also.get()) : report;
  }

  private String place(Attached attached) {
    return model.reference().at(OciDigest.parse(attached.digest())).toString();
  }

  private SigningReport report(
      SignedModel signed, String place, boolean replaced, List<Attached> attached) {
    return SigningReport.of(model.location(), signed, place, replaced)
        .withRegistry(References.signed(model.reference(), model.pinned(), attached));
  }

  /** The same report with the files in place of the referrers, which are in it as well. */
  private SigningReport written(
      SigningReport attached,
      SignedModel signed,
      SignatureFiles files,
      Optional<SignedPayload> also) {
    SigningReport report =
        report(
            signed,
            files.path().toString(),
            files.replaced(),
            attached.registry().orElseThrow().attached());
    return also.isPresent()
        ? report.withSecond(AlsoArguments.beside(files.path()), files.besideReplaced(), also.get())
        : report;
  }

  @Override
  public void close() throws IOException {
    model.close();
  }
}
