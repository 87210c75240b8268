package dev.modelsigning.cli.sign;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.SignedModel;
import dev.modelsigning.SignedTogether;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.cli.registry.References;
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
import java.io.IOException;
import java.nio.file.Files;
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
   */
  SigningReport sign(PayloadSigner signer, ModelHasher hasher, Optional<Path> file)
      throws IOException, SigningException {
    OciReferrers referrers = model.referrers();
    referrers.requireWritable();
    List<Payload> others =
        withImageStatement ? List.of(referrers.imageStatement()) : List.<Payload>of();
    SignedTogether signed = ModelSigner.using(signer).withHasher(hasher).sign(model, others);
    boolean replaced = file.isPresent() && Files.exists(file.get());
    if (file.isPresent()) {
      signed.model().signature().bundle().write(file.get());
    }
    List<Attached> attached = new ArrayList<>();
    attached.add(attach(referrers, signed.model().signature(), Predicate.SignatureV1.TYPE));
    for (SignedPayload other : signed.others()) {
      attached.add(attach(referrers, other, OciReferrers.IMAGE_STATEMENT_TYPE));
    }
    List<Finding> findings = model.movedTag().stream().toList();
    return report(signed.model(), file, replaced, attached).withFindings(findings);
  }

  private SigningReport report(
      SignedModel signed, Optional<Path> file, boolean replaced, List<Attached> attached) {
    String place =
        file.map(Path::toString)
            .orElse(model.reference().at(OciDigest.parse(attached.get(0).digest())).toString());
    return SigningReport.of(model.location(), signed, place, replaced)
        .withRegistry(References.signed(model.reference(), model.pinned(), attached));
  }

  private Attached attach(OciReferrers referrers, SignedPayload signed, String type)
      throws IOException {
    return new Attached(referrers.attach(signed.bundle(), type, mode).toString(), type);
  }

  @Override
  public void close() throws IOException {
    model.close();
  }
}
