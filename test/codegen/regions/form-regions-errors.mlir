// RUN: msc-opt %s -plan-form-regions -verify-diagnostics

// expected-error @below {{expected no module 'regions' yet}}
module {
  module @regions {
  }
}
