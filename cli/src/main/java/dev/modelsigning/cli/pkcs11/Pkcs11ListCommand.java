package dev.modelsigning.cli.pkcs11;

import dev.modelsigning.cli.command.FormatArgument;
import dev.modelsigning.cli.command.ListArguments;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.internal.document.ReportJson;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.pkcs11.Pkcs11Tokens;
import dev.modelsigning.report.Amounts;
import dev.modelsigning.report.Facts;
import dev.modelsigning.signingkey.EcdsaScheme;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists tokens and the keys on them. */
@Command(
    name = "list",
    description = "List tokens and their keys on P-256, P-384 and P-521, as URIs to copy.",
    footer = {
      "",
      "Without a PIN a token shows public keys only; --login shows private keys too. A PIN"
          + " is tried on one token only, so --pkcs11-uri has to tell it from others.",
      "",
      "Examples:",
      "  model-signing pkcs11 list",
      "  model-signing pkcs11 list --module-path /usr/lib/softhsm/libsofthsm2.so",
      "  model-signing pkcs11 list --pkcs11-uri 'pkcs11:token=release' --login",
      "  model-signing pkcs11 list --format json"
    })
final class Pkcs11ListCommand implements Task {

  @Spec private CommandSpec spec;

  @Mixin private Pkcs11Arguments arguments = new Pkcs11Arguments();

  @Option(
      names = "--login",
      description = "Log in to the one token that --pkcs11-uri names, to see private keys too.")
  private boolean login;

  @Mixin private FormatArgument format = new FormatArgument();

  @Mixin private ListArguments lists = new ListArguments();

  @Override
  public Integer call() throws Exception {
    Output output = Program.of(spec).output(false);
    List<Pkcs11Tokens.Token> tokens =
        Pkcs11Tokens.list(arguments.uriOrAny(spec), arguments.context(spec, false), login);
    if (tokens.isEmpty()) {
      output.note(arguments.noToken());
    }
    if (format.isJson()) {
      output.verdict(JsonWriter.asciiDocument(json -> write(tokens, json)) + "\n");
      return 0;
    }
    for (Pkcs11Tokens.Token token : tokens) {
      output.result(token.uri());
      output.info(
          new Facts()
              .add("token", token.label())
              .add("made by", token.manufacturer() + ", " + token.model())
              .add("serial", token.serial())
              .addList("keys", keys(token)),
          lists.mostLines());
    }
    return 0;
  }

  private static void write(List<Pkcs11Tokens.Token> tokens, JsonWriter json) {
    ReportJson.writeHeader(json);
    json.array(
        "tokens", list -> tokens.forEach(token -> list.object(fields -> write(token, fields))));
  }

  private static void write(Pkcs11Tokens.Token token, JsonWriter json) {
    json.string("uri", token.uri())
        .string("label", token.label())
        .string("manufacturer", token.manufacturer())
        .string("model", token.model())
        .string("serial", token.serial())
        .array(
            "keys",
            keys ->
                token
                    .keys()
                    .forEach(key ->
                        keys.object(fields ->
                            fields
                                .string("uri", key.uri())
                                .string("scheme", constant(key.scheme()))
                                .bool("privateSeen", key.privateSeen()))))
        .integer("otherKeys", token.otherKeys());
  }

  /** A scheme as a constant, such as {@code ECDSA_P256}. */
  private static String constant(EcdsaScheme scheme) {
    return "ECDSA_" + scheme.curve().replace("-", "");
  }

  private List<String> keys(Pkcs11Tokens.Token token) {
    List<String> lines = new ArrayList<>();
    for (Pkcs11Tokens.Key key : token.keys()) {
      lines.add(
          key.uri()
              + " ("
              + key.scheme().curve()
              + (key.privateSeen() ? ")" : ", only the public key is seen)"));
    }
    if (token.otherKeys() > 0) {
      lines.add(Amounts.of(token.otherKeys(), "key") + " that cannot sign models");
    }
    return lines.isEmpty() ? List.of(login ? "none" : "none is seen without --login") : lines;
  }

  @Override
  public String failure() {
    return "Listing tokens failed with error";
  }
}
