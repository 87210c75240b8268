/**
 * Signs and verifies machine-learning models and datasets in the OpenSSF Model Signing format.
 *
 * <p>Start reading at {@link dev.modelsigning.ModelSigner} and {@link
 * dev.modelsigning.ModelVerifier}.
 */
@SuppressWarnings("module") // the modules with qualified access are compiled after this one
module dev.modelsigning {
  requires java.net.http;
  requires tools.jackson.core;
  requires org.bouncycastle.provider;
  requires org.bouncycastle.pkix;
  requires static transitive org.jspecify;

  exports dev.modelsigning;
  exports dev.modelsigning.attestation;
  exports dev.modelsigning.bundle;
  exports dev.modelsigning.certificate;
  exports dev.modelsigning.facts;
  exports dev.modelsigning.finding;
  exports dev.modelsigning.inspection;
  exports dev.modelsigning.internal.document to
      dev.modelsigning.oci,
      dev.modelsigning.policy;
  exports dev.modelsigning.internal.file to
      dev.modelsigning.kms.vault,
      dev.modelsigning.oci,
      dev.modelsigning.pkcs11,
      dev.modelsigning.policy,
      dev.modelsigning.sigstore;
  exports dev.modelsigning.internal.hash to
      dev.modelsigning.oci;
  exports dev.modelsigning.internal.http to
      dev.modelsigning.aws,
      dev.modelsigning.kms.aws,
      dev.modelsigning.kms.vault,
      dev.modelsigning.oci,
      dev.modelsigning.s3,
      dev.modelsigning.sigstore;
  exports dev.modelsigning.internal.json to
      dev.modelsigning.aws,
      dev.modelsigning.content,
      dev.modelsigning.kms.aws,
      dev.modelsigning.kms.vault,
      dev.modelsigning.oci,
      dev.modelsigning.pkcs11,
      dev.modelsigning.policy,
      dev.modelsigning.s3,
      dev.modelsigning.sigstore;
  exports dev.modelsigning.internal.keyfile to
      dev.modelsigning.kms.aws,
      dev.modelsigning.kms.vault,
      dev.modelsigning.pkcs11,
      dev.modelsigning.policy,
      dev.modelsigning.sigstore;
  exports dev.modelsigning.internal.pkix to
      dev.modelsigning.sigstore;
  exports dev.modelsigning.internal.platform to
      dev.modelsigning.aws,
      dev.modelsigning.kms.aws,
      dev.modelsigning.kms.vault,
      dev.modelsigning.oci,
      dev.modelsigning.pkcs11,
      dev.modelsigning.policy,
      dev.modelsigning.sigstore;
  exports dev.modelsigning.internal.tar to
      dev.modelsigning.oci;
  exports dev.modelsigning.internal.text to
      dev.modelsigning.oci,
      dev.modelsigning.policy,
      dev.modelsigning.s3;
  exports dev.modelsigning.key;
  exports dev.modelsigning.lineage;
  exports dev.modelsigning.local;
  exports dev.modelsigning.manifest;
  exports dev.modelsigning.model;
  exports dev.modelsigning.predicate;
  exports dev.modelsigning.report;
  exports dev.modelsigning.signing;
  exports dev.modelsigning.signingkey;
  exports dev.modelsigning.split;
  exports dev.modelsigning.statement;
  exports dev.modelsigning.timestamp;
  exports dev.modelsigning.update;

  uses dev.modelsigning.signingkey.KeyProvider;

  provides dev.modelsigning.signingkey.KeyProvider with
      dev.modelsigning.internal.keyfile.FileKeyProvider;
}
