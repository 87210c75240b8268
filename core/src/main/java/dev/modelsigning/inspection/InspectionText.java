package dev.modelsigning.inspection;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.bundle.PublicKeyIdentifier;
import dev.modelsigning.bundle.VerificationMaterial;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ResourceDescriptor;
import dev.modelsigning.manifest.Serialization;
import dev.modelsigning.report.Amounts;
import dev.modelsigning.report.Facts;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.statement.Predicate;
import dev.modelsigning.statement.Statement;
import dev.modelsigning.statement.Subject;
import dev.modelsigning.timestamp.ClaimedTimestamp;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Writes an inspection as text: each layer below the one that contains it. */
final class InspectionText {

  /** Not "signer", as in verdicts: nothing of this was verified. */
  private static final String CLAIMED = "claims to be";

  private static final String UNREADABLE = "cannot be read: ";

  /** Enough bytes of a signature to compare two by eye. */
  private static final int SIGNATURE_BYTES = 16;

  private final Inspection inspection;
  private final int most;
  private final Consumer<String> lines;

  private InspectionText(Inspection inspection, int most, Consumer<String> lines) {
    this.inspection = inspection;
    this.most = most;
    this.lines = lines;
  }

  static void write(
      Inspection inspection, Optional<Layer> layer, int most, Consumer<String> lines) {
    InspectionText text = new InspectionText(inspection, most, lines);
    if (layer.isPresent()) {
      text.add(layer.get(), "");
    } else {
      String indentation = "";
      for (Layer each : Layer.values()) {
        text.add(each, indentation);
        indentation += "  ";
      }
    }
  }

  private void add(Layer layer, String indentation) {
    lines.accept(indentation + layer.title());
    layer.meaning().forEach(line -> lines.accept(indentation + "  " + line));
    Facts facts =
        switch (layer) {
          case BUNDLE -> bundle();
          case ENVELOPE -> envelope();
          case STATEMENT -> statement();
        };
    facts.lines(most).forEach(line -> lines.accept(indentation + line));
    if (layer == Layer.STATEMENT) {
      inspection.manifest().ifPresent(manifest -> addResources(manifest, indentation));
    }
  }

  private Facts bundle() {
    Bundle bundle = inspection.bundle();
    SignerClaims claims = inspection.signer();
    Facts facts =
        new Facts()
            .add(
                "file",
                inspection.file().location()
                    + " ("
                    + Amounts.of(inspection.file().size(), "byte")
                    + ")")
            .add("file digest", "sha256:" + inspection.file().sha256())
            .add("media type", bundle.mediaType())
            .add("material", material(bundle.verificationMaterial()));
    Optional<SignerIdentity> signer = claims.signer().flatMap(Claim::value);
    if (signer.isPresent()) {
      facts.addSigner(CLAIMED, signer.get());
    } else {
      facts.add(CLAIMED, claims.describe());
    }
    return facts
        .addList("certificates", claims.certificates().stream().map(InspectionText::line).toList())
        .addList("log entries", logEntries())
        .addList("time stamps", stamps(claims.stamps()));
  }

  private static String material(VerificationMaterial material) {
    if (material instanceof PublicKeyIdentifier key) {
      return key.isPresent() ? "public key, by its fingerprint" : "public key, which is not named";
    }
    return material instanceof VerificationMaterial.X509CertificateChain chain
        ? "certificate chain of " + chain.certificates().size()
        : "certificate";
  }

  private static String line(Claim<?> claim) {
    return claim.value().map(Object::toString).orElse(UNREADABLE + claim.problem().orElse(""));
  }

  private List<String> logEntries() {
    int count = inspection.bundle().tlogEntries().size();
    Claim<List<KeylessClaims.LogEntry>> claim = inspection.signer().logEntries();
    if (count == 0) {
      return List.of("0");
    }
    if (claim.value().isEmpty()) {
      return List.of(count + " (not as Sigstore has them: " + claim.problem().orElse("") + ")");
    }
    return claim.value().get().stream()
        .map(each ->
            each.index()
                + each.time().map(time -> " at " + time).orElse(" without a time")
                + ", "
                + each.origin())
        .toList();
  }

  private static List<String> stamps(List<Claim<ClaimedTimestamp>> stamps) {
    return stamps.isEmpty() ? List.of("0") : stamps.stream().map(InspectionText::line).toList();
  }

  private Facts envelope() {
    Envelope envelope = inspection.bundle().envelope();
    return new Facts()
        .add("payload type", envelope.payload().type())
        .add("payload", Amounts.of(envelope.payload().content().length(), "byte"))
        .add("signatures", "1, " + describe(envelope.signature()))
        .add("PAE", Amounts.of(inspection.pae().length(), "byte"))
        .add("PAE digest", "sha256:" + inspection.paeDigest());
  }

  private static String describe(Bytes signature) {
    byte[] bytes = signature.toArray();
    int shown = Math.min(SIGNATURE_BYTES, bytes.length);
    return Amounts.of(bytes.length, "byte")
        + ": "
        + HexFormat.of().formatHex(bytes, 0, shown)
        + (shown < bytes.length ? "..." : "");
  }

  private Facts statement() {
    Facts facts = new Facts();
    inspection.statement().ifPresent(statement -> addStatement(statement, facts));
    inspection
        .problem()
        .ifPresent(problem ->
            facts.add(
                inspection.statement().isPresent() ? "files" : "statement",
                UNREADABLE + problem.getMessage()));
    inspection.manifest().ifPresent(manifest -> addManifest(manifest, facts));
    return facts;
  }

  private static void addStatement(Statement statement, Facts facts) {
    facts.add("form", statement.predicateType());
    if (statement.predicate() instanceof Predicate.Other) {
      facts.addList(
          "subjects", statement.subjects().stream().map(InspectionText::describe).toList());
    } else {
      facts.add("model", statement.modelName().orElse("not named"));
    }
  }

  private static String describe(Subject subject) {
    String name = subject.name().isEmpty() ? "not named" : subject.name();
    return subject.digests().entrySet().stream()
        .map(digest -> digest.getKey() + ":" + digest.getValue())
        .reduce(name, (line, digest) -> line + " " + digest);
  }

  private static void addManifest(Manifest manifest, Facts facts) {
    Serialization serialization = manifest.serialization();
    facts
        .add("digest", manifest.rootDigest().toString())
        .add("method", serialization.method())
        .add("hash", serialization.hashAlgorithm().id());
    if (serialization instanceof Serialization.Shards shards) {
      facts.add("shard size", Amounts.of(shards.shardSize(), "byte"));
    }
    List<String> ignored = serialization.ignorePaths();
    facts
        .add("links", serialization.allowSymlinks() ? "allowed" : "no")
        .addList("left out", ignored.isEmpty() ? List.of("nothing") : ignored)
        .add("files", Amounts.of(manifest.fileCount(), "file"));
  }

  /** Lines are produced one by one, as there may be a million resources. */
  private void addResources(Manifest manifest, String indentation) {
    List<ResourceDescriptor> resources = manifest.resources();
    lines.accept(indentation + "  resources");
    for (ResourceDescriptor one : resources.subList(0, Math.min(most, resources.size()))) {
      lines.accept(indentation + "    " + one.digest().hex() + "  " + one.name());
    }
    if (resources.size() > most) {
      lines.accept(indentation + "    ... and " + (resources.size() - most) + " more");
    }
  }
}
