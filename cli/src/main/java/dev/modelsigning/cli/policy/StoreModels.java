package dev.modelsigning.cli.policy;

import dev.modelsigning.attestation.ClaimSource;
import dev.modelsigning.attestation.ClaimsFile;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.store.StoreArguments;
import dev.modelsigning.cli.store.StoreFiles;
import dev.modelsigning.cli.store.StoreVerification;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.policy.ModelRequest;
import dev.modelsigning.policy.Policy;
import dev.modelsigning.policy.PolicyVerdict;
import dev.modelsigning.policy.report.PolicyReport;
import dev.modelsigning.policy.result.UnreadSignature;
import dev.modelsigning.report.FailureMessage;
import dev.modelsigning.s3.S3Model;
import dev.modelsigning.s3.S3Options;
import dev.modelsigning.s3.S3Reference;
import dev.modelsigning.statement.AttestedStatement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Decides about models in object stores, with signatures and claims that are named, or that are
 * found there by the same convention as in directories. A model is named by its bucket and prefix.
 */
final class StoreModels {

  /** More than anybody has beside a model; each is read. */
  private static final int MAX_FOUND = 100;

  /** The most bytes of all signatures that are found in one place and kept, in memory. */
  static final long MAX_SIZE = 256L * 1024 * 1024;

  private static final String SIGNATURE = ".sig";
  private static final String BUNDLE = ".sigstore.json";

  @Mixin private StoreArguments store = new StoreArguments();

  /** Refuses places that cannot be combined, and options that do nothing. */
  void requireUsage(
      CommandSpec command, List<Place> models, List<Place> signatures, List<Place> claims) {
    List<Place> files = Stream.concat(signatures.stream(), claims.stream()).toList();
    if (files.stream().anyMatch(Place::isInRegistry)) {
      throw new WrongUsage(
          command,
          "--signature and --claims: name files; those of a model in a registry are found there");
    }
    if (files.stream().anyMatch(Place::isInStore) && !models.stream().allMatch(Place::isInStore)) {
      throw new WrongUsage(
          command, "--signature and --claims in an object store are for models that are in one");
    }
    store.requireUsage(command, models.stream().anyMatch(Place::isInStore));
  }

  /** Those of the places that are in the file system. */
  static List<Path> here(List<Place> places) {
    return places.stream().filter(Place::isHere).map(Place::path).toList();
  }

  /** Decides about a model. */
  PolicyVerdict examine(
      Policy decides,
      Place place,
      List<Place> signatures,
      List<Place> claims,
      Reading reading,
      CommandSpec command)
      throws MalformedBundleException {
    S3Reference reference = StoreArguments.reference(place, command);
    S3Options options = store.options(Program.of(command).environment(), false);
    try (S3Model model = S3Model.open(reference, options)) {
      Found found = new Found(model, new StoreFiles(options, command));
      for (Place signature : signatures) {
        if (signature.isInStore()) {
          found.sign(StoreArguments.object(signature, command));
        }
      }
      for (Place claim : claims) {
        if (claim.isInStore()) {
          found.statements.add(found.files.claims(claim));
        }
      }
      if (signatures.isEmpty() || claims.isEmpty()) {
        found.find(signatures.isEmpty(), claims.isEmpty());
      }
      return decides.examine(
          ModelRequest.of(model, name(reference), found.bundles, found.statements)
              .unread(found.unread)
              .signatures(here(signatures))
              .claims(here(claims))
              .reading(reading));
    } catch (IOException e) {
      return PolicyReport.failed(decides.identity(), new Unopened(reference.toString(), e), e);
    }
  }

  private static String name(S3Reference reference) {
    return reference.bucket() + (reference.key().isEmpty() ? "" : "/" + reference.key());
  }

  /** What there is of a model. */
  private static final class Found {
    private final S3Model model;
    private final StoreFiles files;
    private final List<StoredBundle> bundles = new ArrayList<>();
    private final List<UnreadSignature> unread = new ArrayList<>();

    /** How many bytes signatures that are found may still have. */
    private long left = MAX_SIZE;

    private final List<ClaimSource> statements = new ArrayList<>();

    Found(S3Model model, StoreFiles files) {
      this.model = model;
      this.files = files;
    }

    private StoredBundle read(S3Reference object) throws IOException, MalformedBundleException {
      return StoreVerification.standIn(model, files.signature(Place.of(object.toString())), object);
    }

    void sign(S3Reference object) throws IOException, MalformedBundleException {
      bundles.add(read(object));
    }

    void find(boolean signatures, boolean claims) throws IOException {
      for (S3Reference object : model.around(StoreModels::isMeant, MAX_FOUND)) {
        String name = object.name();
        if (name.equals(ClaimsFile.NAME)) {
          claim(object, claims);
        } else if (signatures || !name.endsWith(SIGNATURE)) {
          look(object, name.endsWith(SIGNATURE), signatures, claims);
        }
      }
    }

    /** Whoever can write there must not keep the others from being looked at. */
    private void look(S3Reference object, boolean isSignature, boolean signatures, boolean claims) {
      StoredBundle bundle;
      try {
        bundle = read(object);
      } catch (MalformedBundleException | IOException e) {
        if (isSignature) {
          refuse(object, FailureMessage.of(e));
        } else {
          // What it is, is not known: it is reported where it is read as a claim.
          claim(object, claims);
        }
        return;
      }
      if (!isSignature && !AttestedStatement.isSignatureOfModel(bundle.bundle())) {
        claim(object, claims);
      } else if (signatures && bundle.size() > left) {
        refuse(
            object,
            "it is not looked at, as all that were found have more than "
                + MAX_SIZE
                + " bytes; name those of the model with --signature");
      } else if (signatures) {
        left -= bundle.size();
        bundles.add(bundle);
      }
    }

    private void refuse(S3Reference object, String why) {
      String place = object + ": ";
      // Where it is shown, its name is before it.
      unread.add(
          new UnreadSignature(
              object.toString(), why.startsWith(place) ? why.substring(place.length()) : why));
    }

    private void claim(S3Reference object, boolean wanted) {
      if (wanted) {
        statements.add(files.claims(object));
      }
    }
  }

  private static boolean isMeant(String name) {
    return name.endsWith(SIGNATURE) || name.endsWith(BUNDLE) || name.equals(ClaimsFile.NAME);
  }
}
