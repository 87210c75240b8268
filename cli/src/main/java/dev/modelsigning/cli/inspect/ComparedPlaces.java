package dev.modelsigning.cli.inspect;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.store.StoreArguments;
import dev.modelsigning.cli.store.StoreVerification;
import dev.modelsigning.inspection.ComparisonInputs;
import dev.modelsigning.inspection.ComparisonInputs.Side;
import dev.modelsigning.inspection.IncomparableException;
import dev.modelsigning.s3.S3File;
import dev.modelsigning.s3.S3Model;
import dev.modelsigning.s3.S3Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** Two places that are compared, each a path or in an object store. */
final class ComparedPlaces implements AutoCloseable {

  /** Signatures are told from other objects by so many bytes. */
  private static final int BEGINNING = 4096;

  private final S3Options options;
  private final CommandSpec command;
  private final List<S3Model> models = new ArrayList<>();

  /**
   * Creates it.
   *
   * @param options how stores are asked
   * @param command the command, for wrong usage
   */
  ComparedPlaces(S3Options options, CommandSpec command) {
    this.options = options;
    this.command = command;
  }

  /** Determines what there is to compare. */
  ComparisonInputs inputs(Place before, Place after)
      throws IOException, MalformedBundleException, IncomparableException {
    Optional<S3Model> first = open(before);
    Optional<S3Model> second = open(after);
    return ComparisonInputs.of(side(before, first, second), side(after, second, first));
  }

  private Optional<S3Model> open(Place place) throws IOException {
    if (place.isHere()) {
      return Optional.empty();
    }
    S3Model model = S3Model.open(StoreArguments.reference(place, command), options);
    models.add(model);
    return Optional.of(model);
  }

  private Side side(Place place, Optional<S3Model> opened, Optional<S3Model> other)
      throws IOException, MalformedBundleException {
    if (opened.isEmpty()) {
      return Side.at(place.path());
    }
    S3Model model = opened.get();
    if (!model.isSingle()) {
      return Side.model(model);
    }
    try (S3File file = S3File.open(model.reference(), options)) {
      byte[] beginning = file.readBeginning(BEGINNING);
      boolean json =
          new String(beginning, StandardCharsets.ISO_8859_1).stripLeading().startsWith("{");
      return Side.file(
          model,
          () -> {
            StoredBundle bundle =
                StoredBundle.of(
                    model.reference().toString(),
                    json && file.size() <= Bundle.MAX_SIZE
                        ? file.read(Bundle.MAX_SIZE)
                        : beginning);
            return other.isPresent() && !other.get().isSingle()
                ? StoreVerification.standIn(other.get(), bundle, model.reference())
                : bundle;
          },
          beginning);
    }
  }

  @Override
  public void close() {
    models.forEach(S3Model::close);
  }
}
