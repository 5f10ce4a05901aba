#!/usr/bin/env bash
# From a clean clone to a report of generated molecules: installs what is missing, builds, trains GDSS for a few minutes on
# embedded data, samples 1,000 molecules and names the report. About 15 minutes on 2 cores, most of it compiling.
#   scripts/quickstart.sh                      train for 4 minutes
#   scripts/quickstart.sh trainer.max_time='1 min'   what follows goes to `equigen train`
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

install_packages
build_equigen equigen_program equigen_engine gdss_plugin
say "Training GDSS on the enumerated molecules of C, N, O, F"
cd "$root"
"$build/bin/equigen" train experiments/gdss/quickstart.yaml "$@"
report=$(readlink -f "$root/runs/gdss_quickstart/latest/report/report.html")
say "Done. Open the report in a browser:"
echo "  $report"
