//===- Options.td - Kinds of options -----------------------*- tablegen -*-===//

include "llvm/Option/OptParser.td"

class Switch<string name, string help, OptionGroup group>
    : Flag<["--"], name>, HelpText<help>, Group<group>;

// An option with a value after "=" or as the next argument.
multiclass Value<string name, string meta, string help, OptionGroup group> {
  def NAME : Separate<["--"], name>, Group<group>;
  def NAME # _eq : Joined<["--"], name # "=">,
    Alias<!cast<Separate>(NAME)>, MetaVarName<meta>, HelpText<help>,
    Group<group>;
}
