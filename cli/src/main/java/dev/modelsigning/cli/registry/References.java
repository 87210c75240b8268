package dev.modelsigning.cli.registry;

import dev.modelsigning.cli.command.LargeBlocks;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.model.RegistryPlace;
import dev.modelsigning.model.RegistryPlace.Attached;
import dev.modelsigning.oci.reference.OciReference;
import java.util.List;
import java.util.OptionalInt;
import picocli.CommandLine.Model.CommandSpec;

/** References to models in registries, as arguments and in reports. */
public final class References {

  private References() {}

  /** The reference of an argument; a malformed one is wrong usage. */
  public static OciReference of(Place place, CommandSpec command) {
    LargeBlocks.use();
    try {
      return OciReference.parse(place.toString());
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(command, String.valueOf(e.getMessage()), e);
    }
  }

  /** How a model in a registry is verified, said after commands that do not verify. */
  public static String verification(OciReference reference) {
    return "Verify it with 'model-signing verify METHOD "
        + reference
        + "'; METHOD is key, certificate or sigstore.";
  }

  /** The place of a model that was signed. */
  public static RegistryPlace signed(
      OciReference asked, OciReference pinned, List<Attached> attached) {
    return place(asked, pinned, attached, OptionalInt.empty(), OptionalInt.empty());
  }

  /** The place of a model that was verified, with the numbers of what else refers to it. */
  public static RegistryPlace verified(
      OciReference asked, OciReference pinned, int signatures, int others) {
    return place(asked, pinned, List.of(), OptionalInt.of(signatures), OptionalInt.of(others));
  }

  private static RegistryPlace place(
      OciReference asked,
      OciReference pinned,
      List<Attached> attached,
      OptionalInt signatures,
      OptionalInt others) {
    return new RegistryPlace(
        asked.toString(),
        asked.registry(),
        asked.repository(),
        asked.tag(),
        pinned.digest().orElseThrow().toString(),
        attached,
        signatures,
        others);
  }
}
