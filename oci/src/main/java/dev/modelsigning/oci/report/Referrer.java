package dev.modelsigning.oci.report;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.inspection.Inspection;
import dev.modelsigning.inspection.KeylessClaims;
import dev.modelsigning.inspection.SignerClaims;
import dev.modelsigning.lineage.UnverifiedClaim.Content;
import dev.modelsigning.oci.AttachedBundle;
import dev.modelsigning.oci.OciReferrers;
import dev.modelsigning.statement.AttestedStatement;
import dev.modelsigning.statement.Statement;
import dev.modelsigning.statement.Subject;
import java.util.List;
import java.util.Optional;

/**
 * A bundle that refers to a model, <em>without any verification</em>: anybody who may write to the
 * repository may have put it there.
 *
 * @param kind what it says to be
 * @param attached the bundle
 * @param content what it says
 * @param problem why its statement cannot be read; empty if it can
 */
record Referrer(Kind kind, AttachedBundle attached, Content content, Optional<String> problem) {

  /** What a bundle says to be. */
  enum Kind {
    SIGNATURE("signatures of the model's files"),
    IMAGE_SIGNATURE("signatures of the manifest"),
    ATTESTATION("attestations"),
    UNREADABLE("bundles that cannot be read");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    /** Several of them, for people. */
    String title() {
      return title;
    }
  }

  static Referrer of(AttachedBundle attached, KeylessClaims.Reader keyless) {
    Bundle bundle = attached.stored().bundle();
    SignerClaims signer = SignerClaims.of(bundle, keyless);
    if (AttestedStatement.isSignatureOfModel(bundle)) {
      return signature(attached, keyless);
    }
    try {
      AttestedStatement statement = AttestedStatement.readUnverified(bundle);
      return new Referrer(
          statement.predicateType().equals(OciReferrers.IMAGE_STATEMENT_TYPE)
              ? Kind.IMAGE_SIGNATURE
              : Kind.ATTESTATION,
          attached,
          content(statement.form(), statement.predicateType(), statement.subjects(), signer),
          Optional.empty());
    } catch (MalformedBundleException e) {
      return unreadable(attached, signer, e);
    }
  }

  private static Referrer signature(AttachedBundle attached, KeylessClaims.Reader keyless) {
    Inspection inspection = Inspection.of(attached.stored(), keyless);
    if (inspection.problem().isPresent()) {
      return unreadable(attached, inspection.signer(), inspection.problem().get());
    }
    Statement statement = inspection.statement().orElseThrow();
    return new Referrer(
        Kind.SIGNATURE,
        attached,
        content(
            Statement.TYPE, statement.predicateType(), statement.subjects(), inspection.signer()),
        Optional.empty());
  }

  private static Referrer unreadable(
      AttachedBundle attached, SignerClaims signer, MalformedBundleException why) {
    return new Referrer(
        Kind.UNREADABLE,
        attached,
        content("", "", List.of(), signer),
        Optional.of(String.valueOf(why.getMessage())));
  }

  private static Content content(
      String form, String type, List<Subject> subjects, SignerClaims signer) {
    return new Content(
        form,
        type,
        true,
        subjects.stream().limit(Content.MAX_SUBJECTS).toList(),
        subjects.size(),
        signer,
        List.of());
  }
}
